import Text

/// A condition of a rule, ready to be compared with a visitor.
package enum RedirectCondition: Equatable, Sendable {
  case device(RuleDevice)
  case browser(RuleBrowser)
  case language(LanguageRange)
  /// A parameter of the visitor's query, and the values that it may have.
  case parameter(QueryParameter, QueryParameter.Values)
  case address(AddressPattern)
  case country(CountryCode)
  case city(String)
  /// Milliseconds since 1970.
  case beforeDate(Int64)
  case afterDate(Int64)

  /// Whether it holds for a visitor.
  ///
  /// A condition on something that isn't known of the visitor never holds.
  package func holds(for visitor: borrowing VisitorFacts) -> Bool {
    switch self {
    case .device(let device): visitor.agent?.devices.contains(device) ?? false
    case .browser(let browser): visitor.agent?.browser == browser
    case .language(let range): range.isAccepted(by: visitor.acceptedLanguages)
    case .parameter(let parameter, let values):
      parameter.value(in: visitor.query).map(values.contains) ?? false
    case .address(let pattern): visitor.address.map(pattern.contains) ?? false
    case .country(let country): visitor.place?.country == country
    case .city(let city): visitor.place?.isCity(city) ?? false
    case .beforeDate(let time): visitor.milliseconds < time
    case .afterDate(let time): visitor.milliseconds > time
    }
  }

  // MARK: Shlink's form

  /// The limit of a key or a value in bytes.
  package static let longestText = 512

  /// Reads a condition as Shlink's API has it.
  ///
  /// - Throws: What is wrong with the key or the value.
  package init(
    _ type: ConditionType, key: String?, value: String?
  ) throws(InvalidCondition) {
    switch type {
    case .device: self = .device(try Self.word(value))
    case .browser: self = .browser(try Self.word(value))
    case .language: self = .language(try Self.read(value, LanguageRange.init, "a language"))
    case .queryParameter:
      let value = try Self.text(value, .value)
      self = .parameter(try Self.parameter(key), .only(Array(value.utf8)))
    case .anyValueQueryParameter: self = .parameter(try Self.parameter(key), .all)
    case .valuelessQueryParameter: self = .parameter(try Self.parameter(key), .none)
    case .address:
      self = .address(
        try Self.read(
          value, AddressPattern.init, "an IP address, a CIDR block, or an address with *"))
    case .country:
      self = .country(try Self.read(value, CountryCode.init, "a country code of ISO 3166-1"))
    case .city: self = .city(try Self.text(value, .value))
    case .beforeDate: self = .beforeDate(try Self.time(value))
    case .afterDate: self = .afterDate(try Self.time(value))
    }
  }

  package var type: ConditionType {
    switch self {
    case .device: .device
    case .browser: .browser
    case .language: .language
    case .parameter(_, .only): .queryParameter
    case .parameter(_, .all): .anyValueQueryParameter
    case .parameter(_, .none): .valuelessQueryParameter
    case .address: .address
    case .country: .country
    case .city: .city
    case .beforeDate: .beforeDate
    case .afterDate: .afterDate
    }
  }

  /// The name of a parameter; nil for conditions on anything else.
  package var matchKey: String? {
    if case .parameter(let parameter, _) = self { parameter.description } else { nil }
  }

  package var matchValue: String? {
    switch self {
    case .device(let device): device.rawValue
    case .browser(let browser): browser.rawValue
    case .language(let range): range.description
    case .parameter(_, .only(let value)): String(decoding: value, as: UTF8.self)
    case .parameter: nil
    case .address(let pattern): pattern.description
    case .country(let country): country.description
    case .city(let city): city
    case .beforeDate(let time), .afterDate(let time):
      RFC3339.string(seconds: time / 1000).dropLast() + "+00:00"
    }
  }

  private static func parameter(_ key: String?) throws(InvalidCondition) -> QueryParameter {
    QueryParameter(try text(key, .key))
  }

  private static func text(
    _ text: String?, _ member: InvalidCondition.Member
  ) throws(InvalidCondition) -> String {
    guard let text, !text.isEmpty else { throw InvalidCondition(member, "is missing") }
    guard text.utf8.count <= longestText else {
      throw InvalidCondition(member, "may have \(longestText) bytes at most")
    }
    return text
  }

  private static func read<Value>(
    _ text: String?, _ value: (String) -> Value?, _ noun: String
  ) throws(InvalidCondition) -> Value {
    guard let value = value(try Self.text(text, .value)) else {
      throw InvalidCondition(.value, "must be \(noun)")
    }
    return value
  }

  private static func word<Word: RawRepresentable<String> & CaseIterable>(
    _ text: String?
  ) throws(InvalidCondition) -> Word {
    let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
    return try read(text, Word.init, "one of \(words)")
  }

  /// A time to the second, in the years that its written form can have.
  private static func time(_ text: String?) throws(InvalidCondition) -> Int64 {
    let time: Int64 = try read(
      text,
      { text in
        var text = text
        return text.withUTF8(RFC3339.parse)
      }, "a time such as 2026-09-21T14:13:20+00:00")
    return min(max(time, 0), RFC3339.latest) / 1000 * 1000
  }
}
