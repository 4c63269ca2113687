import API
import ArgumentParser
import Destinations
import JSON
import Management

/// `swiftlet link`: lists links and changes them.
struct LinkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "link", abstract: "List links, change where they lead, and take them down.",
    discussion: """
      After a change every redirect on every host follows within a second. Browsers may keep a \
      redirect for some seconds more (REDIRECT_MAX_AGE).

      A change may be given again: the second time changes nothing and tells all hosts once more.
      """,
    subcommands: [
      ListLinks.self, EditLink.self, DisableLinks.self, EnableLinks.self, DeleteLinks.self,
    ])
}

/// `swiftlet link edit CODE --url URL`.
struct EditLink: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit", abstract: "Let a link lead somewhere else, or give it a title.",
    discussion: """
      What isn't named stays as it is. A disabled link stays disabled. Exits with 1 if there is no such link, or if it is deleted.
      """)

  @Argument(help: "The short code, or a short URL as people paste it.")
  var code: String

  @Option(help: "Where it is to lead, http or https.")
  var url: String?

  @Option(help: "What people call it, 512 characters at most.")
  var title: String?

  @Flag(help: "Take its title away.")
  var noTitle = false

  @OptionGroup var output: OutputOptions

  /// The body that a request of the same edit has.
  private var fields: [JSONObject.Member] {
    [
      url.map { .init("longUrl", .string($0)) },
      noTitle ? .init("title", .null) : title.map { .init("title", .string($0)) },
    ].compactMap(\.self)
  }

  func validate() throws {
    guard !fields.isEmpty else { throw ValidationError("name --url, --title or --no-title") }
    guard title == nil || !noTitle else {
      throw ValidationError("--title and --no-title exclude each other")
    }
  }

  func run() throws {
    try Outcome.reporting {
      let installation = try Installation()
      let ownHosts = try OwnHosts(installation.settings)
      let edition = try ShortURLEdition(options: fields, ownHosts)
      let change = LinkChange.edit(edition, by: EditShortURL(ownHosts))
      try LinkChanges(installation, output).make(change, of: [code])
    }
  }
}

/// `swiftlet link disable CODE…`.
struct DisableLinks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disable", abstract: "Take links down for now.",
    discussion: "Their redirects are answered by 410. Statistics stay.")

  @OptionGroup var links: NamedLinks

  func run() throws { try links.edit { $0.isEnabled = .set(false) } }
}

/// `swiftlet link enable CODE…`.
struct EnableLinks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enable", abstract: "Put disabled links up again.",
    discussion: "Links that are enabled stay so. A deleted link can't be enabled.")

  @OptionGroup var links: NamedLinks

  func run() throws { try links.edit { $0.isEnabled = .set(true) } }
}

/// `swiftlet link delete CODE…`.
struct DeleteLinks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Take links down for good.",
    discussion: """
      There is no way back. Their redirects are answered by 410, /stats by 404. The names are never \
      given to other links. The clicks stay in ClickHouse.
      """)

  @OptionGroup var links: NamedLinks

  func run() throws { try links.make { _ in .delete } }
}

/// The links that a command names.
struct NamedLinks: ParsableArguments {
  @Argument(
    help: """
      Short codes, or short URLs as people paste them. If some are no links or are deleted, the others \
      are changed all the same, and the exit status is 1.
      """)
  var codes: [String]

  @OptionGroup var output: OutputOptions

  /// Edits each of them alike.
  func edit(_ change: (inout ShortURLEdition) -> Void) throws {
    var edition = ShortURLEdition()
    change(&edition)
    try make { installation in try installation.edit(edition) }
  }

  func make(_ change: (Installation) throws -> LinkChange) throws {
    try Outcome.reporting {
      let installation = try Installation()
      try LinkChanges(installation, output).make(change(installation), of: codes)
    }
  }
}
