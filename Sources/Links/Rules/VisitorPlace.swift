/// Where a visitor's address is, as far as a geolocation database knows.
package struct VisitorPlace: Equatable, Sendable {
  package let country: CountryCode?
  /// The city's name in English; empty when it isn't known.
  package let city: String

  package init(country: CountryCode?, city: String) {
    self.country = country
    self.city = city
  }

  /// Whether the city has this name; the case of ASCII letters doesn't matter.
  func isCity(_ name: String) -> Bool {
    !city.isEmpty && city.utf8.count == name.utf8.count
      && zip(city.utf8, name.utf8).allSatisfy { $0.lowercased == $1.lowercased }
  }
}

extension UInt8 {
  /// An ASCII letter in lower case; every other byte as it is.
  var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
}
