import Access
import JSON
import Links
import Management
import Service

/// One change of the links that a command names, a unit a link: made, announced and reported.
struct LinkChanges {
  private let installation: Installation
  private let output: OutputOptions

  init(_ installation: Installation, _ output: OutputOptions) {
    self.installation = installation
    self.output = output
  }

  /// Makes the change.
  ///
  /// All arguments are read before anything is changed.
  ///
  /// - Throws: `notFound` when it wasn't made for all of them, after it was made for the others.
  func make(_ change: LinkChange, of arguments: [String], in domain: DomainOption) throws {
    let domains = KnownDomains(installation)
    let links = try arguments.map {
      try LinkArgument($0, domain: domain.domain, installation, domains)
    }
    try installation.withStores { stores in try make(change, of: links, stores) }
  }

  private func make(
    _ change: LinkChange, of links: [LinkArgument], _ stores: ManagementStores
  ) throws {
    var (changed, named, areAll) = ([ChangedLink](), Set<LinkKey?>(), true)
    let progress = Progress()
    // What is done is told, also when an engine fails behind it.
    defer {
      progress.clear()
      tell(changed)
    }
    for (number, link) in links.enumerated() {
      progress.show("\(number) of \(links.count) links")
      do throws(ManagementFailure) {
        let name = try stores.name(of: link)
        let key = name.key(for: .operator, base: stores.baseURL)
        guard named.insert(key).inserted else { continue }
        changed.append(try change.make(of: name, in: stores))
      } catch {
        progress.clear()
        guard error.isOfItsLink else { throw error }
        areAll = false
        Outcome.complain(error.complaint)
      }
    }
    guard areAll else { throw Outcome.notFound }
  }

  private func tell(_ links: [ChangedLink]) {
    guard output.json || !links.isEmpty else { return }
    output.print(
      json: { json in
        json.beginArray()
        for link in links { link.write(to: &json) }
        json.endArray()
      }, text: { links.map(\.line).joined(separator: "\n") })
  }
}
