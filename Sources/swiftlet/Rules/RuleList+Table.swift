import Links
import Management

extension RuleList {
  /// The rules for people.
  var table: String {
    var table = Table("RULE", "WHEN", "LONG URL")
    for (index, rule) in rules.enumerated() {
      let conditions = rule.conditions.map(\.words)
      table.add(
        "\(index + 1)", conditions.isEmpty ? "never" : conditions.joined(separator: " and "),
        rule.destination.description)
    }
    table.add("-", rules.isEmpty ? "always" : "else", longURL)
    return table.text
  }
}

extension RedirectCondition {
  /// As the option `--when` has it.
  var words: String {
    type.rawValue + (matchKey.map { ":" + $0 } ?? "") + (matchValue.map { "=" + $0 } ?? "")
  }
}
