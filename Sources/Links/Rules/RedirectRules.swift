/// The rules of a link in the order in which they are tried, at least one.
package struct RedirectRules: Equatable, Sendable {
  /// The limit of rules.
  package static let limit = 100
  /// The limit of conditions in all rules together: it bounds the work of a redirect.
  package static let conditionLimit = 200
  /// The limit of their stored form in bytes: a link with longer ones would not be remembered.
  package static let longestStored = 7168

  package let rules: [RedirectRule]
  /// The facts about a visitor that the conditions ask for.
  package let needs: VisitorFacts.Needs

  /// - Returns: Nil for no rules, and for more than the limits allow.
  package init?(_ rules: [RedirectRule]) {
    let conditions = rules.reduce(0) { $0 + $1.conditions.count }
    guard (1...Self.limit).contains(rules.count), conditions <= Self.conditionLimit else {
      return nil
    }
    self.rules = rules
    needs = rules.reduce(into: []) { needs, rule in
      for condition in rule.conditions { needs.formUnion(VisitorFacts.Needs(of: condition)) }
    }
  }

  /// The first rule that applies to a visitor.
  ///
  /// - Parameter visitor: Has at least the facts that `needs` names.
  /// - Returns: The rule's index and where it leads; nil when the link's own destination counts.
  package func evaluate(
    _ visitor: borrowing VisitorFacts
  ) -> (index: Int, destination: DestinationURL)? {
    for index in rules.indices where rules[index].applies(to: visitor) {
      return (index, rules[index].destination)
    }
    return nil
  }
}
