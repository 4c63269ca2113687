import ArgumentParser

/// Which links a list has.
struct LinkFilters: ParsableArguments {
  @Option(help: "Only links with this tag; may be given several times.")
  var tag: [String] = []

  @Flag(help: "Only links with each --tag; otherwise one is enough.")
  var allTags = false

  @Option(help: "Only links without this tag; may be given several times.")
  var withoutTag: [String] = []

  @Flag(help: "Leave out links that have each --without-tag; otherwise one is enough.")
  var withoutAllTags = false

  @Option(help: "Only links of this domain; DEFAULT is that of BASE_URL.")
  var domain: String?

  @Option(help: "Only links that the API key with this name has made.")
  var key: String?

  @Option(help: "Only links made on this day or at this time, or later.")
  var from: String?

  @Option(help: "Only links made on this day or at this time, or before.")
  var to: String?

  @Option(
    help: """
      Only links in one of these states, with commas between: active, scheduled, ending, expired, \
      exhausted, disabled, rules.
      """)
  var state: String?

  @Flag(help: "Leave out links that have been visited as often as they may.")
  var withoutSpent = false

  @Flag(help: "Leave out links whose validity has ended.")
  var withoutEnded = false

  func add(to options: inout QueryOptions) {
    options.add("tags", "--tag", tag)
    options.add("tagsMode", "--all-tags", allTags ? "all" : nil)
    options.add("excludeTags", "--without-tag", withoutTag)
    options.add("excludeTagsMode", "--without-all-tags", withoutAllTags ? "all" : nil)
    options.add("state", "--state", state)
    options.add("domain", "--domain", domain)
    options.add("apiKeyName", "--key", key)
    options.add("startDate", "--from", from)
    options.add("endDate", "--to", to)
    options.add("excludeMaxVisitsReached", "--without-spent", withoutSpent ? "true" : nil)
    options.add("excludePastValidUntil", "--without-ended", withoutEnded ? "true" : nil)
  }
}
