/// What rules ask of a visitor, in the bytes of the request.
///
/// It must not outlive those bytes.
package struct VisitorFacts {
  package typealias Bytes = UnsafeBufferPointer<UInt8>

  /// What follows the question mark of the request line.
  package let query: Bytes
  /// The header `Accept-Language`; empty for none.
  package let acceptedLanguages: Bytes
  /// Nil for none that can be read.
  package let address: IPAddress?
  /// Nil when the user agent wasn't read.
  package let agent: VisitorAgent?
  /// Nil when it isn't known.
  package let place: VisitorPlace?
  /// The time of the visit, since 1970.
  package let milliseconds: Int64

  package init(
    query: Bytes, acceptedLanguages: Bytes, address: IPAddress?, agent: VisitorAgent?,
    place: VisitorPlace? = nil, milliseconds: Int64
  ) {
    self.query = query
    self.acceptedLanguages = acceptedLanguages
    self.address = address
    self.agent = agent
    self.place = place
    self.milliseconds = milliseconds
  }

  /// The facts that cost something to find out.
  package struct Needs: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    package static let address = Needs(rawValue: 1)
    package static let agent = Needs(rawValue: 2)
    package static let place = Needs(rawValue: 4)

    /// Those of one condition.
    init(of condition: RedirectCondition) {
      switch condition {
      case .address: self = .address
      case .device, .browser: self = .agent
      case .country, .city: self = [.place, .address]
      case .language, .parameter, .beforeDate, .afterDate: self = []
      }
    }
  }
}
