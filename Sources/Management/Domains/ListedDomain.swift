package import API

/// A domain as people manage it.
package struct ListedDomain: JSONObjectAnswer, Equatable {
  /// Its host, and for the default one perhaps a port.
  package let authority: String
  package let isDefault: Bool
  package let redirects: DomainRedirects

  package static let schemaName = "Domain"
  package static let summary = "A domain of links."
  package static let sample = ListedDomain(
    authority: "go.example", isDefault: false, redirects: .sample)

  package func write(to writer: inout FieldWriter) {
    writer.field("domain", authority, .string(atMost: 259, sample: ""), "Its host.")
    writer.field("isDefault", isDefault, .boolean, "Whether it is that of BASE_URL.")
    writer.object("redirects", "Where it sends those who ask for no link.") { writer in
      redirects.write(to: &writer)
    }
  }
}
