import Text

/// The parameters of a query, decoded, in their order.
///
/// `+` is a blank, as in forms. A parameter of a list may be written `name[]`, `name[0]` or with the
/// brackets percent-encoded. Bytes that are not UTF-8 become U+FFFD.
package struct QueryString: Sendable, Equatable {
  package struct Parameter: Sendable, Equatable {
    /// Without the brackets of a list.
    package let name: String
    package let value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  package let parameters: [Parameter]
  /// Whether there were more than are read.
  package let isCropped: Bool

  /// How many parameters are read, as many as PHP reads.
  private static let limit = 1000

  /// Reads what stands after the question mark; nginx bounds its length.
  package init(_ bytes: Request.Bytes) {
    let pairs = bytes.split(separator: UInt8(ascii: "&"), maxSplits: Self.limit)
    isCropped = pairs.count > Self.limit
    parameters = pairs.prefix(Self.limit).map { pair in
      let name = pair.prefix { $0 != UInt8(ascii: "=") }
      let value = pair[name.endIndex...].dropFirst()
      return Parameter(name: Self.withoutBrackets(Self.decode(name)), value: Self.decode(value))
    }
  }

  /// These, as they stand.
  package init(_ parameters: [Parameter] = []) {
    self.parameters = parameters
    isCropped = false
  }

  /// The value of the last parameter with a name, as PHP has it; nil when there is none.
  package subscript(name: String) -> String? { parameters.last { $0.name == name }?.value }

  /// All values of a list.
  package func values(_ name: String) -> [String] {
    parameters.filter { $0.name == name }.map(\.value)
  }

  private static func withoutBrackets(_ name: String) -> String {
    // By bytes: to Character a bracket with a combining mark behind it is none.
    guard name.utf8.last == UInt8(ascii: "]"),
      let start = name.utf8.lastIndex(of: UInt8(ascii: "[")),
      name.utf8[start...].dropFirst().dropLast().allSatisfy({ (0x30...0x39).contains($0) })
    else { return name }
    return String(name[..<start])
  }

  private static func decode(_ bytes: Slice<Request.Bytes>) -> String {
    String(decoding: PercentEncoding.decoded(bytes, plusIsBlank: true), as: UTF8.self)
  }
}
