import ClickHouse

/// The table that one consumer stores through while it is the active one: `clicks_gate_7_4711`.
///
/// It keeps nothing. Its views hand the rows on to the table of clicks and to the counts; `targets`
/// says which of them a row is for, one bit each. They are made with the gate, so the migrations
/// make only the tables that they lead to.
package struct ClickGate: Equatable, Sendable {
  /// What the names of consumers' gates and of their views begin with, in every release: so an older
  /// and a newer consumer fence off each other.
  package static let prefix = "clicks_gate_"

  /// What the names of its kind begin with.
  let prefix: String
  /// The gate with the greatest number is the one that is open.
  let number: UInt64
  /// Chosen at random, so that a request that comes late is never about another one's gate.
  let nonce: UInt64

  /// A new gate.
  init(prefix: String = Self.prefix, number: UInt64) {
    self.prefix = prefix
    self.number = number
    nonce = .random(in: .min ... .max)
  }

  /// The gate that has this name, or whose view has it; nil for another kind's.
  init?(named name: String, prefix: String = Self.prefix) {
    guard name.hasPrefix(prefix) else { return nil }
    let parts = name.dropFirst(prefix.count).split(separator: "_")
    guard parts.count >= 2, let number = UInt64(parts[0]), let nonce = UInt64(parts[1]) else {
      return nil
    }
    self.prefix = prefix
    self.number = number
    self.nonce = nonce
  }

  package var name: String { "\(prefix)\(number)_\(nonce)" }

  /// Makes the table; it is no error that it is there.
  var creation: SQL {
    let columns = NativeBlock.Column.ofGate.map { column -> SQL in
      "\(identifier: "\(column.name)") \(SQL(unsafe: "\(column.type)"))"
    }
    return "CREATE TABLE IF NOT EXISTS \(identifier: name) (\(SQL(list: columns))) ENGINE = Null"
  }
}
