import API
import Access
import ArgumentParser
import Destinations
import JSON
import Management
import Service

/// `swiftlet link create URL`: `CreateShortURL` on the command line.
struct CreateLink: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Make a link with a name, tags, dates and limits of its own.",
    discussion: """
      Prints the short URL. Exits with 1 if the name is taken. `swiftlet shorten` makes a plain link.
      """)

  @Argument(help: "Where it leads: http, https, or another scheme such as mailto.")
  var url: String

  @Option(help: "Its name. Blanks and mostly slashes become dashes. (default: a code)")
  var slug: String?

  @Option(help: "Put before the name or the code.")
  var prefix: String?

  @Option(help: "How many characters a code has, 4 or more; it is random then.")
  var length: Int?

  @Flag(help: "Print a link that is there already, if it has all that is asked for.")
  var findIfExists = false

  @OptionGroup var domain: DomainOption
  @OptionGroup var fields: LinkFields
  @OptionGroup var output: OutputOptions

  /// The body that a request for the same link has.
  private var members: [JSONObject.Member] {
    [
      .init("longUrl", .string(url)), slug.map { .init("customSlug", .string($0)) },
      prefix.map { .init("pathPrefix", .string($0)) },
      length.map { .init("shortCodeLength", .number("\($0)")) },
      domain.domain.map { .init("domain", .string($0)) },
      .init("findIfExists", .bool(findIfExists)),
    ].compactMap(\.self) + fields.members
  }

  func run() throws {
    try Outcome.reporting {
      let installation = try Installation()
      let operation = CreateShortURL(
        try OwnHosts(installation.settings), installation.settings.slugForm)
      let creation = try InputReader.read(options: members) { operation.input(from: &$0) }
      try installation.withStores { stores in
        let made = try operation.perform(creation, for: .operator, in: stores)
        output.print(json: { json in made.write(to: &json) }, text: { made.shortURL })
      }
    }
  }
}
