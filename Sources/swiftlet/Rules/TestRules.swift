import API
import Access
import ArgumentParser
import JSON
import Management

/// `swiftlet rule test CODE`.
struct TestRules: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Say where a made-up visitor would be led, and why.",
    discussion: "Nothing is changed or counted. Limits and dates of the link are passed over.")

  @OptionGroup var link: RuledLink

  @Option(help: "The short URL as it is visited; only its query counts.")
  var url: String?

  @Option(help: "The header User-Agent.")
  var userAgent: String?

  @Option(help: "The header Accept-Language.")
  var language: String?

  @Option(help: "The visitor's address.")
  var address: String?

  @Option(help: "The time of the visit. (default: now)")
  var time: String?

  @OptionGroup var output: OutputOptions

  func run() throws {
    let visitor = try InputReader.read(options: members) { TestVisitor(from: &$0) }
    try Outcome.reporting {
      let installation = try Installation()
      let trace = try installation.withStores { stores in
        let name = try link.name(installation, stores)
        return try TestRedirectRules().perform(
          .init(name, visitor), for: .operator, in: stores)
      }
      output.print(json: trace.write, text: { trace.table })
    }
  }

  /// The options in the form of a request.
  private var members: [JSONObject.Member] {
    func strings(_ pairs: [(String, String?)]) -> [JSONObject.Member] {
      pairs.compactMap { name, text in text.map { .init(name, .string($0)) } }
    }
    let headers = strings([("User-Agent", userAgent), ("Accept-Language", language)])
    return strings([("url", url), ("address", address), ("time", time)])
      + [.init("headers", .object(JSONObject(headers)))]
  }
}
