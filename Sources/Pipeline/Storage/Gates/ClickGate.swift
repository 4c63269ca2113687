import ClickHouse

/// The table that one consumer stores through while it is the active one: `clicks_gate_7_4711`.
///
/// It keeps no rows. Its views pass the rows on to the table of clicks and to the counts. `targets`
/// has one bit for each of them. The views are created with the gate, so the migrations create only
/// the target tables.
package struct ClickGate: Equatable, Sendable {
  /// The prefix of the names of consumers' gates and their views, in every release.
  ///
  /// So an older and a newer consumer fence off each other.
  package static let prefix = "clicks_gate_"

  /// The prefix of its kind's names.
  let prefix: String
  /// The gate with the greatest number is the open one.
  let number: UInt64
  /// A random number, so that a late request never meets another writer's gate.
  let nonce: UInt64

  /// A new gate.
  init(prefix: String = Self.prefix, number: UInt64) {
    self.prefix = prefix
    self.number = number
    nonce = .random(in: .min ... .max)
  }

  /// The gate of this name, or the gate of a view of this name; nil for another kind's.
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

  /// Creates the table if it doesn't exist.
  var creation: SQL {
    let columns = NativeBlock.Column.ofGate.map { column -> SQL in
      "\(identifier: "\(column.name)") \(SQL(unsafe: "\(column.type)"))"
    }
    return "CREATE TABLE IF NOT EXISTS \(identifier: name) (\(SQL(list: columns))) ENGINE = Null"
  }
}
