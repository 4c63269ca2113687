import ClickHouse
import Links
import Pipeline

/// The links whose name doesn't tell their id: the table `link_names`, made of PostgreSQL's links.
///
/// It is made once, so that a click's link never depends on when the click is carried.
struct LinkNames {
  static let table = "link_names"
  /// The number of names in one insert.
  private static let insertRows = 250_000
  private static let timeout = 120_000

  let client: Client

  /// The scope of a row with a short code, after `join`.
  static let scope: SQL = """
    if(named >= \(Scope.firstLink.rawValue), named, \(ClickSQL.scope(of: "short_code")))
    """

  /// Adds the id of the named link to rows with a short code, or 0.
  ///
  /// - Parameter codes: A condition on `short_code` that begins with AND. The server keeps only
  ///   matching names in memory.
  /// - Returns: The text after a subquery in FROM.
  static func join(_ codes: SQL) -> SQL {
    """
    ANY LEFT JOIN (SELECT short_code, link AS named FROM \(identifier: table) \
    WHERE link != 0\(codes)) AS names USING short_code
    """
  }

  /// Makes the table unless it exists.
  func make(of links: NamedLinks) throws {
    let tables = try client.tables(startingWith: Self.table)
    guard !tables.contains(Self.table) else { return }
    for rest in tables { try client.execute("DROP TABLE IF EXISTS \(identifier: rest)") }
    let draft = "\(Self.table)_\(UInt64.random(in: .min ... .max))"
    let definition: SQL = "(short_code String, link UInt64) ENGINE = MergeTree ORDER BY short_code"
    try client.execute("CREATE TABLE \(identifier: draft) \(definition)")
    try fill(draft, links)
    try client.rename(draft, to: Self.table, definition)
  }

  private func fill(_ table: String, _ links: NamedLinks) throws {
    var links = links
    var names = NameColumns()
    while links.last != nil {
      for (name, link) in try links.next() { names.append(name, link) }
      guard names.count >= Self.insertRows || links.last == nil, names.count > 0 else { continue }
      try client.insert(
        into: table, names.block, queryID: "\(table)-\(UInt32.random(in: .min ... .max))",
        settings: try client.serverVersion().insertSettings, timeout: Self.timeout)
      names = NameColumns()
    }
  }
}

/// Columns of names, before they are inserted.
private struct NameColumns {
  private(set) var count = 0
  private var codes: [UInt8] = []
  private var links: [UInt8] = []

  mutating func append(_ name: String, _ link: Scope) {
    var name = name
    name.withUTF8 { codes.append(string: $0) }
    links.append(fixed: link.rawValue)
    count += 1
  }

  var block: NativeBlock {
    var block = NativeBlock(columns: 2, rows: count, capacity: codes.count + links.count + 256)
    block.add(NativeBlock.Column("short_code", "String"), codes)
    block.add(NativeBlock.Column("link", "UInt64"), links)
    return block
  }
}
