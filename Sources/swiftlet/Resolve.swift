import ArgumentParser
import Clicks
import JSON
import Links
import Lookup
import Service
import Text

/// `swiftlet resolve CODE`: what PostgreSQL says, whatever the cache holds.
struct Resolve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say where a short code leads.",
    discussion: "Asks PostgreSQL, not the cache. Exits with 1 if there is no such link.")

  @Argument(help: "The short code, or a short URL as people paste it.")
  var code: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let installation = try Installation()
      let slugs = try Slug.readings(argument: code, installation.settings)
      let links = LinkStore(installation.postgres(), installation.settings)
      var found: Link?
      for slug in slugs where found == nil { found = try links.find(LinkKey(slug)) }
      guard let link = found else {
        Outcome.complain("there is no link \(slugs[slugs.count - 1])")
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
          json.endObject()
        }, text: { link.destination.description })
    }
  }
}
