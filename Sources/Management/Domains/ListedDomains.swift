package import API

/// The domains that a caller sees.
package struct ListedDomains: JSONObjectAnswer, Equatable {
  package let domains: [ListedDomain]

  package static let schemaName = "Domains"
  package static let summary = "The domains."
  package static let sample = ListedDomains(domains: [.sample])

  package func write(to writer: inout FieldWriter) {
    writer.object("domains") { writer in
      writer.list(
        "data", domains, atMost: DomainTable.limit + 1,
        "The default domain, then the others by name.")
      writer.object("defaultRedirects", "Those of domains without redirects: none.") { writer in
        DomainRedirects().write(to: &writer)
      }
    }
  }
}
