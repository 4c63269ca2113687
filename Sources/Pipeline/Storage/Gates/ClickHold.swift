package import ClickHouse

/// Keeps all writers from opening a gate for a while: during a backup or a restore nothing is stored.
///
/// It is an empty table whose name has the time of its end, by the server's clock. A writer that was asked
/// to take over looks for one after it has made its gate. So either the writer sees the hold, or the
/// holder, who takes over afterwards, drops the writer's gate. A hold that isn't renewed ends by itself,
/// so a holder that was killed stops nobody.
package final class ClickHold {
  package static let prefix = "clicks_hold_"
  /// How long a hold stands without being renewed.
  private static let seconds: UInt32 = 60

  private let client: Client
  private let nonce = UInt64.random(in: .min ... .max)
  private var standsUntil: UInt32 = 0

  /// - Parameter client: A client of its own: it is used while others wait.
  package init(_ client: Client) { self.client = client }

  private func name(_ end: UInt32) -> String { "\(Self.prefix)\(end)_\(nonce)" }

  /// Begins the hold.
  ///
  /// - Throws: `ClickFence.Busy` while there is another one, else `ClickHouseError`.
  package func begin() throws {
    if try holds().contains(where: { Self.isHeld($0, except: self) }) {
      throw ClickFence.Busy(isHold: true)
    }
    try renew()
  }

  /// Renews the hold when half of it is over.
  package func renew() throws(ClickHouseError) {
    let rows = try client.select("SELECT toUInt32(now())")
    guard let now = rows.first?.first.flatMap({ UInt32($0) }) else {
      throw ClickHouseError(cause: .unexpected, operation: "ask the time", message: "no number")
    }
    guard now + Self.seconds / 2 >= standsUntil else { return }
    let old = standsUntil
    try client.execute(
      "CREATE TABLE IF NOT EXISTS \(identifier: name(now + Self.seconds)) (x UInt8) ENGINE = Null")
    standsUntil = now + Self.seconds
    if old > 0 { try client.execute("DROP TABLE IF EXISTS \(identifier: name(old))") }
  }

  /// Ends the hold, and removes those that have ended by themselves.
  package func end() throws(ClickHouseError) {
    for row in try holds() where !Self.isHeld(row, except: self) {
      try client.execute("DROP TABLE IF EXISTS \(identifier: row[0])")
    }
    standsUntil = 0
  }

  private func holds() throws(ClickHouseError) -> Rows {
    try client.select(
      """
      SELECT name, engine, toUInt32(now()) FROM system.tables
      WHERE database = \(client.address.database)
      AND substring(name, 1, \(Self.prefix.utf8.count)) = \(Self.prefix)
      """)
  }

  /// Whether a table is a hold that stands.
  ///
  /// - Parameters:
  ///   - row: The table's name, its engine, and the server's time.
  ///   - own: The hold of the caller.
  /// - Returns: False also for a hold that has ended.
  static func isHeld(_ row: [String], except own: ClickHold?) -> Bool {
    guard row.count == 3, row[0].hasPrefix(prefix), let now = UInt32(row[2]) else { return false }
    let parts = row[0].dropFirst(prefix.count).split(separator: "_")
    guard parts.count == 2, let end = UInt32(parts[0]), let nonce = UInt64(parts[1]) else {
      return false
    }
    return end > now && nonce != own?.nonce
  }
}
