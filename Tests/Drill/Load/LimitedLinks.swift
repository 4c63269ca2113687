import Foundation

/// Links of few visits: never one redirect too many, over all hosts together.
///
/// They are planted in PostgreSQL, because a drill spends hundreds of them.
///
/// Unchecked, because `lock` is held around every use of what changes.
final class LimitedLinks: @unchecked Sendable {
  static let count = 1000
  /// The visits that each allows, and how often it is asked for.
  private static let allowed = 12
  private static let asked = 16
  /// From here on they are for visits that two pools are asked for.
  private static let firstRetried = 900

  private let prefix: String
  private let firstID: UInt64
  private let lock = NSLock()
  /// Numbers of links that were answered to have no visit left.
  private var spent: Set<Int> = []
  /// Redirects of another host, whose clicks nobody stores: requests by the number of their link.
  private var elsewhere: [String: Int] = [:]
  /// Numbers of links for which a request there got neither answer.
  private var unanswered: Set<Int> = []

  /// Makes them.
  init(prefix: String, firstID: UInt64) throws {
    (self.prefix, self.firstID) = (prefix, firstID)
    try Operator.ask(
      """
      WITH made AS (
        INSERT INTO short_urls (snowflake_id, short_code, original_url, max_visits)
        SELECT \(firstID) + n, '\(prefix)l' || n, 'https://example.com/limited/\(prefix)l' || n, \(Self.allowed)
        FROM generate_series(0, \(Self.count - 1)) AS n RETURNING snowflake_id, max_visits)
      INSERT INTO visit_budgets (link, allowed) SELECT snowflake_id, max_visits FROM made
      """)
  }

  /// The code of a link.
  func code(_ number: Int) -> String { "\(prefix)l\(number)" }

  /// Makes the visit of a turn.
  ///
  /// - Parameters:
  ///   - turn: So many visits one after the other are of one link.
  ///   - isRetried: Whether it is one that two pools are asked for; these have links of their own.
  ///   - click: Makes the click of a code.
  /// - Returns: Nil when there are no more links.
  func visit(_ turn: Int, isRetried: Bool = false, _ click: (String) -> Oracle.Expected) -> Visit? {
    let number = turn / Self.asked + (isRetried ? Self.firstRetried : 0)
    guard number < (isRetried ? Self.count : Self.firstRetried) else { return nil }
    let code = code(number)
    return Visit(
      kind: isRetried ? .retried : .limited, click: click(code),
      destination: "https://example.com/limited/\(code)", led: Led(link: firstID + UInt64(number)))
  }

  /// Notes that a link was answered to have no visit left.
  func wasSpent(_ code: String) {
    guard let number = number(of: code) else { return }
    lock.withLock { _ = spent.insert(number) }
  }

  /// Notes a redirect of another host.
  func redirected(_ id: String, _ code: String) {
    guard let number = number(of: code) else { return }
    lock.withLock { elsewhere[id] = number }
  }

  /// Notes a request to another host that may have spent a visit.
  func failed(_ code: String) {
    guard let number = number(of: code) else { return }
    lock.withLock { _ = unanswered.insert(number) }
  }

  private func number(of code: String) -> Int? {
    let start = prefix + "l"
    return code.hasPrefix(start) ? Int(code.dropFirst(start.count)) : nil
  }

  /// Compares what was answered with what PostgreSQL says was spent.
  ///
  /// - Parameter oracle: Knows the redirects of the first host.
  /// - Returns: What is wrong, and what there is to tell.
  /// - Throws: When PostgreSQL can't be asked.
  func check(_ oracle: Oracle) throws -> (faults: [String], note: String) {
    let (spent, elsewhere) = lock.withLock { (self.spent, self.elsewhere) }
    var redirects: [Int: Set<String>] = [:]
    for (id, click) in oracle.answers {
      if let number = number(of: click.code) { redirects[number, default: []].insert(id) }
    }
    for (id, number) in elsewhere { redirects[number, default: []].insert(id) }
    let unanswered = lock.withLock { self.unanswered }
      .union(oracle.unanswered.compactMap { number(of: $0.code) })
    let (budgets, visits) = (try budgets(), try visits())
    var faults: [String] = []
    for number in Set(redirects.keys).union(visits.keys).union(spent) {
      let (answered, noted) = (redirects[number] ?? [], visits[number] ?? [])
      let count = budgets[number] ?? 0
      if answered.count > Self.allowed || count > Self.allowed || count != noted.count {
        faults.append(
          "\(code(number)): \(answered.count) redirects, \(count) visits spent, \(noted.count) noted"
        )
      }
      if !answered.isSubset(of: noted) {
        faults.append("\(code(number)) led on without a visit that was spent")
      }
      if spent.contains(number), count < Self.allowed {
        faults.append("\(code(number)) was said to be spent after \(count) visits")
      }
      if spent.contains(number), answered.count < Self.allowed, !unanswered.contains(number) {
        faults.append("\(code(number)) led on \(answered.count) times, though each was answered")
      }
    }
    let other = elsewhere.isEmpty ? "" : ", \(elsewhere.count) redirects by another host"
    return (faults, "limits spent \(spent.count)" + other)
  }

  /// How many visits are spent, by the number of the link.
  private func budgets() throws -> [Int: Int] {
    let rows = try Operator.ask("SELECT link - \(firstID), spent FROM visit_budgets WHERE \(those)")
    return Dictionary(
      rows.compactMap { row in
        guard let number = Int(row[0]), let count = Int(row[1]) else { return nil }
        return (number, count)
      }
    ) { first, _ in first }
  }

  /// The requests that spent them.
  private func visits() throws -> [Int: Set<String>] {
    var visits: [Int: Set<String>] = [:]
    for row in try Operator.ask(
      "SELECT link - \(firstID), replace(event_id::text, '-', '') FROM spent_visits WHERE \(those)")
    {
      if let number = Int(row[0]) { visits[number, default: []].insert(row[1]) }
    }
    return visits
  }

  private var those: String { "link BETWEEN \(firstID) AND \(firstID + UInt64(Self.count) - 1)" }
}
