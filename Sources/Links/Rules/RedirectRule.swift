/// A rule of a link: where it leads visitors for whom all conditions hold.
///
/// A rule without conditions never applies, as in Shlink.
package struct RedirectRule: Equatable, Sendable {
  package let destination: DestinationURL
  package let conditions: [RedirectCondition]

  package init(_ destination: DestinationURL, when conditions: [RedirectCondition]) {
    self.destination = destination
    self.conditions = conditions
  }

  func applies(to visitor: borrowing VisitorFacts) -> Bool {
    for condition in conditions where !condition.holds(for: visitor) { return false }
    return !conditions.isEmpty
  }
}
