import Access
import ArgumentParser
import Destinations
import JSON
import Management

/// `swiftlet rule`: the redirect rules of a link.
struct RuleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rule", abstract: "Lead some visitors of a link elsewhere.",
    discussion: """
      A rule has conditions and a URL. The first rule whose conditions all hold for a visitor says where \
      the link leads; if none does, it leads where it leads everyone. After a change every host follows \
      within a second.
      """,
    subcommands: [
      ListRules.self, AddRule.self, RemoveRule.self, SetRules.self, TestRules.self,
    ])
}

/// `swiftlet rule list CODE`.
struct ListRules: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the rules of a link, in the order in which they are tried."
  )

  @OptionGroup var link: RuledLink
  @OptionGroup var output: OutputOptions

  func run() throws {
    try link.print(output) { _, name, stores in
      try ListRedirectRules().perform(name, for: .operator, in: stores)
    }
  }
}

/// `swiftlet rule add CODE --to URL --when CONDITION`.
struct AddRule: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Add a rule.",
    discussion: """
      A condition is TYPE=VALUE: device=ios, browser=firefox, language=en-GB, ip-address=2001:db8::/32, \
      geolocation-country-code=DE, geolocation-city-name=Berlin, before-date=2026-12-31, \
      after-date=2026-12-24. One on the visitor's query also has a name: query-param:NAME=VALUE, \
      any-value-query-param:NAME, valueless-query-param:NAME.
      """)

  @OptionGroup var link: RuledLink

  @Option(help: "Where the rule leads: http, https, or another scheme such as mailto.")
  var to: String

  @Option(help: "A condition; give the option several times for several that must all hold.")
  var when: [String]

  @Option(help: "Its place among the rules, from 1. (default: behind all others)")
  var at: Int?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard !when.isEmpty else { throw ValidationError("name a condition with --when") }
  }

  func run() throws {
    let rule = RuleText(to: to, when: when)
    try link.edit(output) { rules, ownHosts in
      let place = at ?? rules.count + 1
      guard (1...rules.count + 1).contains(place) else {
        throw ValidationError("--at must be from 1 to \(rules.count + 1)")
      }
      var rules = rules
      rules.insert(contentsOf: try rule.rules(ownHosts), at: place - 1)
      return rules
    }
  }
}

/// `swiftlet rule remove CODE NUMBER`.
struct RemoveRule: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove a rule, or all of them.")

  @OptionGroup var link: RuledLink

  @Argument(help: "The rule's number, as the list has it.")
  var number: Int?

  @Flag(help: "Remove all rules.")
  var all = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard all != (number != nil) else { throw ValidationError("name a rule's number, or --all") }
  }

  func run() throws {
    try link.edit(output) { rules, _ in
      guard let number else { return [] }
      guard rules.indices.contains(number - 1) else {
        throw ValidationError("the link has no rule \(number)")
      }
      var rules = rules
      rules.remove(at: number - 1)
      return rules
    }
  }
}

/// `swiftlet rule set CODE FILE`.
struct SetRules: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Replace all rules by those of a file.",
    discussion: """
      The file is JSON: what `rule list --json` writes, or the list in it. The priorities in it don't \
      matter; the order does.
      """)

  @OptionGroup var link: RuledLink

  @Argument(help: "The file; - is the standard input.")
  var file: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    try link.print(output) { installation, name, stores in
      let rules = try RuleText.rules(
        RuleText.json(ofFile: file), OwnHosts(installation.settings))
      return try SetRedirectRules(OwnHosts()).perform(
        .init(name, .success(rules)), for: .operator, in: stores)
    }
  }
}
