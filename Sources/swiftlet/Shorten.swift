import Access
import ArgumentParser
import Destinations
import Links
import Lookup
import Management
import Service

/// `swiftlet shorten URL`: shortens a URL as `POST /shorten` does.
struct Shorten: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Make a short URL.")

  @Argument(help: "Where it leads, http or https.")
  var url: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let installation = try Installation()
      let settings = installation.settings
      let destination = try DestinationURL(argument: url, settings)
      let postgres = installation.postgres()
      let redis = try installation.redis()
      let ids = IDSource(redis: redis, postgres: postgres, settings, log: installation.log)
      defer { ids.release() }
      let cache = LinkCache(redis, settings)
      let creation = LinkCreation(ShortURLInsertion(postgres, settings), ids: ids, cache: cache)
      let link = try creation.create(destination, for: .operator)
      cache.flush()
      output.print(
        json: { json in link.write(to: &json, base: settings.baseURL.description) },
        text: { link.shortURL(base: settings.baseURL.description) })
    }
  }
}
