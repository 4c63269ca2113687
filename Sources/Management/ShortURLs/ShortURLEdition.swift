package import API
package import Destinations
package import Links

/// What an edit of a link asks for: each field is kept, set or cleared.
package struct ShortURLEdition: Equatable, Sendable {
  package var longURL: Change<DestinationURL> = .keep
  package var isEnabled: Change<Bool> = .keep

  /// One that keeps everything.
  package init() {}

  package init(from reader: inout InputReader, _ ownHosts: OwnHosts) {
    longURL = reader.change("longUrl", .destination(ownHosts), FieldType.destinationSummary)
    isEnabled = reader.change(
      "enabled", .boolean, "Whether it leads anywhere; else it is answered by 410.")
  }
}
