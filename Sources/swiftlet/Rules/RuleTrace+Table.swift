import Management

extension RuleTrace {
  /// The trace for people.
  var table: String {
    var table = Table("RULE", "WHEN", "HOLDS", "BECAUSE")
    for step in steps {
      table.add("\(step.rule)", step.condition.words, step.holds ? "yes" : "no", step.because)
    }
    let reason = rule.map { "rule \($0)" } ?? "no rule"
    return (steps.isEmpty ? "" : table.text + "\n") + "\(reason): \(longURL.printable)"
  }
}
