import API
import ArgumentParser
import Destinations
import JSON
import Management

/// `swiftlet link`: lists links and changes them.
struct LinkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "link", abstract: "Make, list and change links, and take them down.",
    discussion: """
      After a change every redirect on every host follows within a second. Browsers may keep a \
      redirect for some seconds more (REDIRECT_MAX_AGE).

      A change may be given again: the second time changes nothing and tells all hosts once more.
      """,
    subcommands: [
      CreateLink.self, ListLinks.self, ShowLink.self, EditLink.self, DisableLinks.self,
      EnableLinks.self, DeleteLinks.self, RestoreLinks.self, CheckName.self,
    ])
}

/// `swiftlet link edit CODE --url URL`.
struct EditLink: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit", abstract: "Let a link lead somewhere else, or change what it has.",
    discussion: """
      What isn't named stays as it is. A disabled link stays disabled. Exits with 1 if there is no such link, or if it is deleted.
      """)

  @Argument(help: "The short code, or a short URL as people paste it.")
  var code: String

  @Option(help: "Where it is to lead: http, https, or another scheme such as mailto.")
  var url: String?

  @OptionGroup var domain: DomainOption
  @OptionGroup var fields: LinkFields
  @OptionGroup var cleared: ClearedFields
  @OptionGroup var output: OutputOptions

  /// The body that a request of the same edit has.
  private var members: [JSONObject.Member] {
    (url.map { [.init("longUrl", .string($0))] } ?? []) + fields.members + cleared.members
  }

  func validate() throws {
    guard !members.isEmpty else { throw ValidationError("name at least one option, such as --url") }
    let names = members.map(\.key)
    guard Set(names).count == names.count else {
      throw ValidationError("an option and the one that takes the same away exclude each other")
    }
  }

  func run() throws {
    try Outcome.reporting {
      let installation = try Installation()
      let ownHosts = try OwnHosts(installation.settings)
      let edition = try InputReader.read(options: members) { ShortURLEdition(from: &$0, ownHosts) }
      let change = LinkChange.edit(edition, by: EditShortURL(ownHosts))
      try LinkChanges(installation, output).make(change, of: [code], in: domain)
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
    commandName: "delete", abstract: "Take links down and out of all lists.",
    discussion: """
      Their redirects are answered by 410, /stats by 404, until somebody gives the names to other links. \
      For \(ShortURLTable.restorableDays) days `swiftlet link restore` undoes it. The clicks stay in \
      ClickHouse.
      """)

  @OptionGroup var links: NamedLinks

  func run() throws { try links.make { _ in .delete } }
}

/// `swiftlet link restore CODE…`.
struct RestoreLinks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Undo the deletion of links.",
    discussion: """
      For \(ShortURLTable.restorableDays) days, unless the name was given to another link. Links that are \
      there stay as they are.
      """)

  @OptionGroup var links: NamedLinks

  func run() throws { try links.make { _ in .restore } }
}

/// The links that a command names.
struct NamedLinks: ParsableArguments {
  @Argument(
    help: """
      Short codes, or short URLs as people paste them. If some are no links or are deleted, the others \
      are changed all the same, and the exit status is 1.
      """)
  var codes: [String]

  @OptionGroup var domain: DomainOption
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
      try LinkChanges(installation, output).make(change(installation), of: codes, in: domain)
    }
  }
}
