import ArgumentParser
import Clicks
import JSON
import Links
import Lookup
import Management
import Service
import Text

/// `swiftlet resolve CODE`: a link as PostgreSQL has it, whatever the cache holds.
struct Resolve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say where a short code leads.",
    discussion: """
      Asks PostgreSQL, not the cache. A disabled or deleted link is shown, too, with a note on stderr. \
      Exits with 1 if there is no such link.
      """)

  @Argument(help: "The short code, or a short URL as people paste it.")
  var code: String

  @OptionGroup var domain: DomainOption
  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let installation = try Installation()
      let named = try LinkArgument(code, domain: domain.domain, installation)
      let links = LinkStore(installation.postgres(), installation.settings)
      guard let domain = installation.settings.baseURL.domain(named: named.domain) else {
        throw ValidationError("the domain must be the name of a host")
      }
      guard let link = try links.find(firstOf: named.slugs, domain: domain) else {
        Outcome.complain("there is no link \(named.slugs[named.slugs.count - 1])")
        throw Outcome.notFound
      }
      output.print(
        json: { json in
          json.beginObject()
          json.key("short_code")
          json.string(link.slug.description)
          json.key("original_url")
          json.string(link.destination.description)
          json.key("created_at")
          json.string(RFC3339.string(seconds: link.createdAt / 1000))
          json.key("state")
          json.string(link.state.rawValue)
          json.endObject()
        }, text: { link.destination.description })
      guard link.state == .enabled || output.json else {
        return Outcome.complain("\(link.slug) is \(link.state.rawValue): it is answered by 410")
      }
    }
  }
}
