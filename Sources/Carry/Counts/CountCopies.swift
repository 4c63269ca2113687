import ClickHouse

/// Copies the old counts into tables by scope.
///
/// Once all three exist, readers use them instead of the originals. The originals don't change any
/// more. So a copy is made under another name, compared, and renamed. An unfinished copy is made
/// again.
struct CountCopies {
  private static let timeout = 7_200_000

  let client: Client
  /// Rows of one insert; fewer after the server ran out of memory.
  let blockRows: Int
  /// The limit of names that are kept in memory at a time.
  private var nameLimit: Int { 8 * blockRows }

  /// Makes the missing copies.
  ///
  /// - Parameter isAllowed: Called before each statement of a copy; throws to end it.
  /// - Returns: Whether a copy was missing.
  /// - Throws: `CarryError` when the sums of a copy and its original differ.
  func make(_ isAllowed: () throws -> Void) throws -> Bool {
    let tables = try client.tables(startingWith: "link_")
    let missing = CountCopy.all.filter { !tables.contains($0.name) }
    for copy in CountCopy.all {
      for rest in tables where rest.hasPrefix(copy.draftPrefix) {
        try client.execute("DROP TABLE IF EXISTS \(identifier: rest)", timeout: Self.timeout)
      }
      guard !tables.contains(copy.name) else { continue }
      let draft = "\(copy.draftPrefix)\(UInt64.random(in: .min ... .max))"
      try client.execute(copy.creation(draft))
      try fill(draft, copy, isAllowed)
      guard try sums(copy.sumsOfOriginal) == sums(copy.sums(of: draft)) else {
        throw CarryError.countsDiffer(table: copy.original)
      }
      try client.rename(draft, to: copy.name, copy.definition)
    }
    return !missing.isEmpty
  }

  private func fill(_ draft: String, _ copy: CountCopy, _ isAllowed: () throws -> Void) throws {
    var last: SQL?
    repeat {
      try isAllowed()
      let next = try boundary(after: last)
      var codes: SQL = ""
      if let last { codes = "\(codes) AND short_code > \(last)" }
      if let next { codes = "\(codes) AND short_code <= \(next)" }
      try client.execute(
        copy.filling(draft, codes), settings: try settings(), timeout: Self.timeout)
      last = next
    } while last != nil
  }

  /// The short code up to which the names fit into memory; nil if all remaining ones do.
  private func boundary(after last: SQL?) throws(ClickHouseError) -> SQL? {
    let rows = try client.select(
      """
      SELECT hex(short_code) FROM link_names WHERE short_code > \(last ?? "''")
      ORDER BY short_code LIMIT \(nameLimit), 1
      """, timeout: Self.timeout)
    return rows.first?.first.map { "unhex(\($0))" }
  }

  private func sums(_ question: SQL) throws(ClickHouseError) -> [String] {
    try client.select(question, timeout: Self.timeout).first ?? []
  }

  /// Blocks of few rows: a row may have the addresses of all visitors of a link.
  private func settings() throws(ClickHouseError) -> [String: String] {
    try client.serverVersion().insertSettings.merging([
      "max_block_size": String(max(64, blockRows / 64)),
      "min_insert_block_size_rows": String(blockRows),
      "min_insert_block_size_bytes": "67108864",
    ]) { _, own in own }
  }
}
