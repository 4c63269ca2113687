/// A session by which the holder of a key has come.
///
/// A session is a short child of its key: it has the same rights and the same limit, and ends with the key.
package struct KeySession: Equatable, Sendable {
  package let id: Int64
  /// Milliseconds since 1970; a later use may move it.
  package let endsAt: Int64

  package init(id: Int64, endsAt: Int64) {
    self.id = id
    self.endsAt = endsAt
  }
}
