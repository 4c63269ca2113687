import API
import Access
import ArgumentParser
import Destinations
import JSON
import Management

/// `swiftlet domain redirects DOMAIN`: `SetDomainRedirects`.
struct SetRedirectsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "redirects", abstract: "Say where a domain sends those who ask for no link.",
    discussion: """
      What isn't named stays as it is. A domain that nobody has is made. Every host knows the \
      change within a second. In path and query {DOMAIN} and {ORIGINAL_PATH} stand \
      for what was visited.
      """)

  @Argument(help: "The domain; DEFAULT is that of BASE_URL.")
  var domain: String

  @Option(help: "For the domain itself, without a path.")
  var baseURL: String?

  @Option(name: .customLong("regular-404"), help: "For a path that no link can have.")
  var regular404: String?

  @Option(name: .customLong("invalid-short-url"), help: "For a name that no link has.")
  var invalidShortURL: String?

  @Flag(help: "Take the one without a path away.")
  var noBaseURL = false

  @Flag(name: .customLong("no-regular-404"), help: "Take the one for other paths away.")
  var noRegular404 = false

  @Flag(name: .customLong("no-invalid-short-url"), help: "Take the one for unknown names away.")
  var noInvalidShortURL = false

  @OptionGroup var tenant: TenantOption
  @OptionGroup var output: OutputOptions

  private var redirects: [(name: String, url: String?, isCleared: Bool)] {
    [
      ("baseUrlRedirect", baseURL, noBaseURL), ("regular404Redirect", regular404, noRegular404),
      ("invalidShortUrlRedirect", invalidShortURL, noInvalidShortURL),
    ]
  }

  /// The body that a request of the same edit has.
  private var members: [JSONObject.Member] {
    [.init("domain", .string(domain))]
      + redirects.compactMap { redirect in
        if redirect.isCleared { return .init(redirect.name, .null) }
        return redirect.url.map { .init(redirect.name, .string($0)) }
      }
  }

  func validate() throws {
    guard members.count > 1 else {
      throw ValidationError("name at least one option, such as --base-url")
    }
    guard !redirects.contains(where: { $0.isCleared && $0.url != nil }) else {
      throw ValidationError("an option and the one that takes the same away exclude each other")
    }
  }

  func run() throws {
    try Outcome.reporting {
      let installation = try Installation()
      let operation = SetDomainRedirects(try OwnHosts(installation.settings))
      let edition = try InputReader.read(options: members) { operation.input(from: &$0) }
      let redirects = try installation.withStores { stores in
        try operation.perform(edition, for: tenant.caller(stores), in: stores)
      }
      output.print(json: redirects.write, text: { redirects.table })
    }
  }
}

extension DomainRedirects {
  fileprivate var table: String {
    var table = Table("WITHOUT A PATH", "UNKNOWN PATH", "UNKNOWN NAME")
    table.add(baseURL ?? "", regular404 ?? "", invalidShortURL ?? "")
    return table.text
  }
}
