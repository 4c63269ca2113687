import API
import Access
import ArgumentParser
import Destinations
import Links
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
      let destination = try DestinationURL(argument: url, installation.settings)
      let operation = ShortenURL(try OwnHosts(installation.settings))
      try installation.withStores { stores in
        let made = try operation.perform(destination, for: .operator, in: stores)
        output.print(json: { json in made.write(to: &json) }, text: { made.shortURL })
      }
    }
  }
}
