/// What is wrong with the key or the value of a condition.
package struct InvalidCondition: Error, Equatable {
  /// A member of a condition in Shlink's form.
  package enum Member: String, Sendable {
    case key = "matchKey"
    case value = "matchValue"
  }

  package let member: Member
  /// The words that follow the member's name.
  package let reason: String

  package init(_ member: Member, _ reason: String) {
    self.member = member
    self.reason = reason
  }
}
