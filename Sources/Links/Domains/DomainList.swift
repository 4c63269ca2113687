import JSON

/// All domains: what a worker must know to tell whose link a host's path names.
///
/// A list, and not a record for each host: so a client that makes up hosts costs no look-up.
package final class DomainList: Sendable {
  /// The limit of domains of an installation.
  package static let limit = 10_000

  private let domains: [String: Domain]

  package init(_ domains: some Sequence<Domain>) {
    self.domains = Dictionary(domains.map { ($0.authority, $0) }) { first, _ in first }
  }

  /// The domain of a host as nginx tells it: in lower case, without port and last dot.
  package subscript(authority: String) -> Domain? { domains[authority] }

  package var count: Int { domains.count }
}

extension DomainList: Equatable {
  package static func == (left: DomainList, right: DomainList) -> Bool {
    left.domains == right.domains
  }
}

// MARK: - Its record

/// `[["sho.rt",16,"https://…",null,null],…]`: a host, its number, and where visitors of the path `/`,
/// of other paths and of names without a link go.
extension DomainList {
  /// Reads a value of Redis; nil for a value that this program can't use.
  package convenience init?(record: [UInt8]) {
    guard let elements = (try? JSONValue(parsing: record))?.array else { return nil }
    var domains: [Domain] = []
    domains.reserveCapacity(elements.count)
    for element in elements {
      guard let domain = Domain(element) else { return nil }
      domains.append(domain)
    }
    self.init(domains)
  }

  package var record: String {
    var writer = JSONWriter()
    writer.beginArray()
    for domain in domains.values { domain.write(to: &writer) }
    writer.endArray()
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

extension Domain {
  fileprivate init?(_ json: JSONValue) {
    guard let parts = json.array, parts.count == 5, let authority = parts[0].string,
      let number = parts[1].integer.flatMap(UInt32.init(exactly:))
    else { return nil }
    var urls: [DestinationURL?] = []
    for part in parts[2...] {
      switch part {
      case .null: urls.append(nil)
      case .string(let text):
        guard let url = DestinationURL(stored: text) else { return nil }
        urls.append(url)
      default: return nil
      }
    }
    self.init(
      authority, number: number,
      redirects: NotFoundRedirects(
        baseURL: urls[0], regular404: urls[1], invalidShortURL: urls[2]))
  }

  fileprivate func write(to writer: inout JSONWriter) {
    writer.beginArray()
    writer.string(authority)
    writer.number(number)
    for url in [redirects.baseURL, redirects.regular404, redirects.invalidShortURL] {
      if let url { writer.string(url.description) } else { writer.null() }
    }
    writer.endArray()
  }
}
