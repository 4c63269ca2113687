/// A word about what a key may do.
///
/// A key without scopes and roles has all rights. `readOnly` and `createOnly` take rights away: a key that
/// has both may read and create. `anyScheme` and `admin` give rights to keys that have scopes or roles.
package enum Scope: String, CaseIterable, Sendable {
  case readOnly = "read-only"
  case createOnly = "create-only"
  /// Links to `mailto:`, `tel:` and the like.
  case anyScheme = "any-scheme"
  /// Manages keys, tenants and domains.
  case admin
}

extension Set<Scope> {
  /// The stored scopes of a key; nil where one is unknown: without it the key could do more than it should.
  package init?(stored words: [String]) {
    let scopes = words.compactMap(Scope.init)
    guard scopes.count == words.count else { return nil }
    self.init(scopes)
  }
}
