package import API
package import Destinations
import JSON
package import Links

/// The input of an edit of a link: each field is kept, set or cleared.
package struct ShortURLEdition: Equatable, Sendable {
  package var longURL: Change<DestinationURL> = .keep
  package var title: Change<String> = .keep
  package var isEnabled: Change<Bool> = .keep

  /// One that keeps everything.
  package init() {}

  package init(from reader: inout InputReader, _ ownHosts: OwnHosts) {
    longURL = reader.change("longUrl", .destination(ownHosts), FieldType.destinationSummary)
    title = reader.change("title", .title, clears: true, "What people call it; null takes it away.")
    isEnabled = reader.change(
      "enabled", .boolean, "Whether it leads anywhere; else it is answered by 410.")
  }
}

extension FieldType<String> {
  /// A title of a link: one line.
  static var title: FieldType {
    FieldType(
      schema: Schema(["type": "string", "maxLength": .number("\(ShortURL.longestTitle)")]),
      sample: "An example"
    ) { value throws(InvalidValue) in
      guard let text = value.string else {
        throw InvalidValue("must be a string, not \(value.kind)")
      }
      guard text.unicodeScalars.count <= ShortURL.longestTitle else {
        throw InvalidValue("may have \(ShortURL.longestTitle) characters at most")
      }
      guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
      else { throw InvalidValue("may have no control characters") }
      return text
    } write: {
      .string($0)
    }
  }
}
