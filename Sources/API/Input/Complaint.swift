/// What is wrong with one field.
package struct Complaint: Equatable, Sendable {
  /// The field's name; a client's own is cropped.
  package let name: String
  package let value: InvalidValue
  /// Whether the path names something that can't exist.
  package let isOfPath: Bool

  /// How many characters of a name are told.
  private static let nameLimit = 64

  package init(_ name: String, _ value: InvalidValue, isOfPath: Bool = false) {
    self.name =
      name.unicodeScalars.count > Self.nameLimit
      ? String(String.UnicodeScalarView(name.unicodeScalars.prefix(Self.nameLimit))) + "…" : name
    self.value = value
    self.isOfPath = isOfPath
  }

  /// A sentence for whoever sent it.
  package var sentence: String {
    value.isSentence ? value.reason : "\(name) \(value.reason)."
  }
}
