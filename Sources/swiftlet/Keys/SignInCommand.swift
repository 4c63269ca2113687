import API
import Access
import ArgumentParser
import JSON
import Management
import Service

/// `swiftlet key sign-in [KEY]`.
struct SignInCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign-in", abstract: "Print a link that signs a browser in, once.",
    discussion: """
      It is good for 10 minutes. Who opens it may do what the key may. Without KEY it is the oldest key \
      with all rights.
      """)

  @Argument(help: "The key: its name or id.")
  var key: String?

  @OptionGroup var tenant: TenantOption
  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let installation = try Installation()
      try installation.withStores { stores in
        let caller = try tenant.caller(stores)
        let id =
          try key.map { try KeyInput.id(of: $0, for: caller, stores) } ?? first(caller, stores)
        let code = Token.random()
        let made = try stores.units.perform("make a code", for: caller) {
          unit throws(TableError) in try unit.sessions.make(code, for: id)
        }
        guard let end = made else {
          Outcome.complain("the API key is disabled or has expired: nobody can sign in with it")
          throw Outcome.notFound
        }
        let link = "\(installation.settings.baseURL)/dashboard/#in=\(code.text)"
        output.print(json: { Self.write(link, code, end, to: &$0) }, text: { link })
      }
    }
  }

  private static func write(
    _ link: String, _ code: Token, _ end: Int64, to json: inout JSONWriter
  ) {
    FieldWriter.object(in: &json) { writer in
      writer.field("url", link, .url(sample: ""))
      writer.field("code", code.text, .text(sample: ""))
      writer.field("expiresAt", end, .time)
    }
  }

  /// The oldest key with all rights that works.
  private func first(_ caller: Caller, _ stores: ManagementStores) throws -> Int {
    let list = try ListKeys().perform(Page(size: KeyTable.limit), for: caller, in: stores)
    let now = SystemClock.milliseconds()
    let found = list.keys.first { key in
      key.isEnabled && key.rights.isEverything && key.rights.expiresAt.map { now < $0 } ?? true
    }
    guard let found else {
      Outcome.complain("no API key that works has all rights: name another, or make one first")
      throw Outcome.notFound
    }
    return found.id
  }
}
