package import API
package import Links
package import Places

/// Where a link leads, and its rules, in Shlink's form.
package struct RuleList: JSONObjectAnswer, Equatable {
  /// Where it leads if no rule applies; a text that was inserted by hand may be no valid URL.
  package let longURL: String
  package let rules: [RedirectRule]
  /// Whether conditions on places can hold.
  package let geolocation: Geolocation

  init(longURL: String, rules: [RedirectRule], _ geolocation: Geolocation) {
    self.longURL = longURL
    self.rules = rules
    self.geolocation = geolocation
  }

  /// Rules that can't be read, such as those of a later release, count as none.
  init(longURL: String, stored: String?, _ geolocation: Geolocation) {
    self.init(
      longURL: longURL, rules: stored.flatMap(RedirectRules.init(stored:))?.rules ?? [],
      geolocation)
  }

  package static let schemaName = "RedirectRules"
  package static let summary = "The rules of the link as they are now."
  package static let sample = RuleList(
    longURL: "https://example.com/a/long/path?with=query",
    rules: [
      RedirectRule(
        DestinationURL(unchecked: "https://example.com/app"),
        when: [
          .device(.android),
          .parameter(QueryParameter("from"), .only(Array("mail".utf8))),
        ])
    ], .works)

  package func write(to writer: inout FieldWriter) {
    writer.field(
      "defaultLongUrl", longURL, .url(sample: ""), "Where the link leads if no rule applies.")
    writer.list(
      "redirectRules", Array(rules.enumerated()), atMost: RedirectRules.limit,
      "The first whose conditions all hold counts. One without conditions never does."
    ) { element, writer in
      let (index, rule) = element
      writer.field(
        "longUrl", rule.destination.description, .url(sample: ""), "Where it leads a visitor.")
      writer.field(
        "priority", index + 1, .integer(in: 1...RedirectRules.limit, sample: 1),
        "Its place in the list, from 1.")
      writer.list("conditions", rule.conditions, atMost: RedirectRules.conditionLimit) {
        $0.write(to: &$1)
      }
    }
    writer.geolocation(geolocation)
  }
}

extension FieldWriter {
  /// Whether conditions on places can hold.
  mutating func geolocation(_ value: Geolocation) {
    field(
      "geolocation", value, .word(sample: .works),
      "Whether conditions on places can hold here: it works, or no database is set (off), or it can't "
        + "be read. Without one they hold for nobody.")
  }
}

extension RedirectCondition {
  /// Writes type, key and value.
  func write(to writer: inout FieldWriter) {
    writer.field("type", type, .word(sample: .device), "What of the visitor is compared.")
    writer.nullable(
      "matchKey", matchKey, .string(atMost: Self.longestText, sample: ""),
      "The name of a parameter of the visitor's query; else null.")
    writer.nullable(
      "matchValue", matchValue, .string(atMost: Self.longestText, sample: ""),
      "What it has to be; null where the parameter's name is enough.")
  }
}
