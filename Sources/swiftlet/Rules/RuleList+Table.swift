import Links
import Management
import Places

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
    return table.text + (warning.map { "\n" + $0 } ?? "")
  }
}

extension RuleList {
  /// What an operator should know who has rules on places.
  private var warning: String? {
    let types = rules.flatMap(\.conditions).map(\.type)
    guard types.contains(where: { $0 == .country || $0 == .city }) else { return nil }
    switch geolocation {
    case .works: return nil
    case .off: return "GEO_DB is not set: conditions on places hold for nobody."
    case .unreadable: return "GEO_DB can't be read: conditions on places hold for nobody."
    }
  }
}

extension RedirectCondition {
  /// As the option `--when` has it.
  var words: String {
    type.rawValue + (matchKey.map { ":" + $0 } ?? "") + (matchValue.map { "=" + $0 } ?? "")
  }
}
