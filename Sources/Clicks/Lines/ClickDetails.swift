/// What a click has beside its link, its time and its visitor.
///
/// A line has only the members that differ from these defaults, so a plain click has none.
package struct ClickDetails: Equatable, Sendable {
  /// The number of the link's state that answered; a link's first state has 1.
  package let revision: UInt32
  /// The priority of the redirect rule that answered; 0 when none did.
  package let rule: UInt32
  /// The number of the domain that was visited; 0 for the default one.
  package let domain: UInt32
  package let flags: ClickFlags
  package let kind: ClickKind
  /// How many visits it stands for; more than 1 only when visits without a link are summed up.
  package let weight: UInt32

  package init(
    revision: UInt32 = 1, rule: UInt32 = 0, domain: UInt32 = 0, flags: ClickFlags = .none,
    kind: ClickKind = .link, weight: UInt32 = 1
  ) {
    self.revision = revision
    self.rule = rule
    self.domain = domain
    self.flags = flags
    self.kind = kind
    self.weight = weight
  }

  /// Whether a line has none of them.
  package var areDefault: Bool {
    revision == 1 && rule == 0 && domain == 0 && flags == .none && kind == .link && weight == 1
  }
}
