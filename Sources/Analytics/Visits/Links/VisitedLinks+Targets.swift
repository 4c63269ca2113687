import Links
import Postgres
import Sessions

/// Where links led when they were visited.
extension VisitedLinks {
  /// The targets and domains of a page of visits.
  func targets(of rows: [VisitRow]) throws(StoreError) -> VisitTargets {
    let operation = "find where links led"
    let visited = Set(
      rows.filter { Scope(rawValue: $0.link).isLink }.map { VisitTargets.Key($0) })
    let links = Array(Set(visited.map(\.link)))
    let numbers = Array(Set(rows.map(\.domain)).subtracting([0]))
    guard !links.isEmpty || !numbers.isEmpty else { return VisitTargets() }
    return try read(operation) { connection, timeout throws(PostgresError) in
      let ask = { (question: SQL) throws(PostgresError) -> Rows in
        try connection.execute(question, operation, timeoutMilliseconds: timeout)
      }
      var targets = VisitTargets()
      targets.add(present: try ask(Self.present(links)).map(Self.target))
      let past = visited.filter { targets.lacks($0) }
      if !past.isEmpty { targets.add(try ask(Self.past(Array(past))).map(Self.target)) }
      guard !numbers.isEmpty else { return targets }
      targets.domains = Dictionary(
        try ask(Self.authorities(numbers)).map { row throws(PostgresError) in
          (Int(try row.integer()), try row.text())
        }
      ) { first, _ in first }
      return targets
    }
  }

  /// The authorities of some domains by their numbers; '' is the default one's.
  func authorities(of numbers: [Int]) throws(StoreError) -> [Int: String] {
    let others = Array(Set(numbers).subtracting([0]))
    guard !others.isEmpty else { return [:] }
    let operation = "find the names of domains"
    return try read(operation) { connection, timeout throws(PostgresError) in
      let rows = try connection.execute(
        Self.authorities(others), operation, timeoutMilliseconds: timeout)
      return Dictionary(
        try rows.map { row throws(PostgresError) in (Int(try row.integer()), try row.text()) }
      ) { first, _ in first }
    }
  }

  private static func target(_ row: inout RowReader) throws(PostgresError) -> VisitTargets.Target {
    VisitTargets.Target(
      key: VisitTargets.Key(link: try row.integer(), revision: Int(try row.integer())),
      url: try row.text(), rules: try row.optionalText().flatMap(RedirectRules.init(stored:)))
  }

  private static func present(_ links: [Int64]) -> SQL {
    """
    SELECT snowflake_id, revision::int8, left(original_url, \(DestinationURL.maximumLength)::int4), rules
    FROM short_urls WHERE snowflake_id = ANY(\(links))
    """
  }

  private static func past(_ keys: [VisitTargets.Key]) -> SQL {
    """
    SELECT link, number::int8, left(original_url, \(DestinationURL.maximumLength)::int4), rules
    FROM short_url_revisions JOIN unnest(
      \(keys.map(\.link)), \(keys.map { Int64($0.revision) })
    ) AS visited (visited_link, visited_number) ON link = visited_link AND number = visited_number
    """
  }

  private static func authorities(_ numbers: [Int]) -> SQL {
    "SELECT number::int8, authority FROM domains WHERE number = ANY(\(numbers.map { Int64($0) }))"
  }
}
