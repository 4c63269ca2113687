import API
import Access
import ArgumentParser
import JSON
import Links
import Management
import Text

/// `swiftlet link show CODE`: `GetShortURL` as lines for people.
struct ShowLink: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show all that a link has.",
    discussion: "Exits with 1 if there is no such link, or if it is deleted.")

  @Argument(help: "The short code, or a short URL as people paste it.")
  var code: String

  @OptionGroup var domain: DomainOption
  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let installation = try Installation()
      let named = try LinkArgument(code, domain: domain.domain, installation)
      try installation.withStores { stores in
        let name = try stores.name(of: named)
        let link = try GetShortURL().perform(name, for: .operator, in: stores)
        output.print(json: { json in link.write(to: &json) }, text: { link.lines })
      }
    }
  }
}

extension ShortURL {
  fileprivate var lines: String {
    func time(_ milliseconds: Int64?) -> String {
      milliseconds.map { RFC3339.string(seconds: $0 / 1000) } ?? "none"
    }
    let fields = [
      ("short URL", shortURL), ("long URL", longURL), ("state", isEnabled ? "enabled" : "disabled"),
      ("title", title ?? ""), ("tags", tags.joined(separator: ", ")),
      ("created", time(createdAt)), ("valid since", time(meta.validSince)),
      ("valid until", time(meta.validUntil)),
      ("visits", "\(visits), \(botVisits) of them by bots"),
      ("limit of visits", meta.maxVisits.map(String.init) ?? "none"),
      ("redirect rules", hasRules ? "yes" : "none"), ("crawlable", isCrawlable ? "yes" : "no"),
      ("forwards query", forwardsQuery ? "yes" : "no"), ("preview", hasPreview ? "yes" : "no"),
      ("id", "\(id.rawValue)"),
    ]
    return fields.map { name, value in
      name + String(repeating: " ", count: 17 - name.count) + value.printable
    }.joined(separator: "\n")
  }
}
