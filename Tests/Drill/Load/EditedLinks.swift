import Foundation
import TestSupport

/// Links that an operator edits while clients follow them.
///
/// One is plain. The other one has a rule, and is of another domain.
///
/// Unchecked, because `lock` is held around every use of what changes.
final class EditedLinks: @unchecked Sendable {
  /// One of them.
  struct Edited: Sendable {
    let code: String
    let host: String?
    /// Its destinations begin so; a number follows.
    let url: String
    let id: UInt64
    let domain: UInt32
  }

  /// Seconds from one edit to the next.
  static let interval = 1.5

  let links: [Edited]
  private let lock = NSLock()
  private var answers: [[EditHistory.Answer]]
  /// When an edit was told to be done, by its destination.
  private var told: [String: Double] = [:]
  private var edits = 0

  /// Makes them.
  ///
  /// - Parameters:
  ///   - plain: The code of one that is there.
  ///   - prefix: How the other one's name begins.
  ///   - host: The other one's domain, which is there.
  ///   - url: Where they lead begins so.
  /// - Throws: When the stack can't make it.
  init(plain: String, prefix: String, host: String, url: String) throws {
    let slug = prefix + "-edited"
    let name = [slug, "--domain", host]
    try Operator.must(["link", "create", url + "1/0", "--slug"] + name)
    try Operator.must(["rule", "add"] + name + ["--to", url + "de", "--when", "language=de"])
    links = try [(plain, "", url + "0/"), (slug, host, url + "1/")].map { code, host, url in
      let rows = try Operator.ask(
        """
        SELECT snowflake_id, number FROM short_urls JOIN domains ON authority = domain
        WHERE short_code = '\(code)' AND domain = '\(host)'
        """)
      guard let row = rows.first, let id = UInt64(row[0]), let domain = UInt32(row[1]) else {
        throw DrillError("PostgreSQL has no link \(code)")
      }
      return Edited(
        code: code, host: host.isEmpty ? nil : host, url: url, id: id, domain: domain)
    }
    answers = links.map { _ in [] }
  }

  /// Lets one of them, each in its turn, lead to another destination, if that can be done now.
  func edit() {
    let number = lock.withLock {
      edits += 1
      return edits
    }
    let link = links[number % links.count]
    let url = link.url + "\(number)"
    let domain = link.host.map { ["--domain", $0] } ?? []
    guard (try? Operator.swiftlet(["link", "edit", link.code, "--url", url] + domain)) == true
    else {
      return
    }
    lock.withLock { told[url] = Date().timeIntervalSince1970 }
  }

  /// The visit of a turn.
  func visit(_ turn: Int, _ click: (String) -> Oracle.Expected) -> Visit {
    let link = links[turn % links.count]
    return Visit(kind: .edited, click: click(link.code), host: link.host)
  }

  /// Notes where a visit of a turn was led.
  func led(_ turn: Int, _ id: String, to location: String, from began: Date) {
    let answer = EditHistory.Answer(
      id: id, location: location, sent: began.timeIntervalSince1970,
      received: Date().timeIntervalSince1970)
    lock.withLock { answers[turn % links.count].append(answer) }
  }

  /// What became of each link, by PostgreSQL, and what the answers say of it.
  func histories() throws -> [(link: Edited, history: EditHistory)] {
    let (answers, told) = lock.withLock { (self.answers, self.told) }
    return try zip(links, answers).map { link, answers in
      let rows = try Operator.ask(
        """
        SELECT number, original_url, extract(epoch FROM ended_at) FROM short_url_revisions
        WHERE link = \(link.id)
        UNION ALL SELECT revision, original_url, NULL FROM short_urls WHERE snowflake_id = \(link.id)
        ORDER BY 1
        """)
      let states = try rows.map { row in
        guard row.count == 3, let revision = UInt32(row[0]) else {
          throw DrillError("PostgreSQL says: \(row)")
        }
        return EditHistory.State(revision: revision, destination: row[1], endedAt: Double(row[2]))
      }
      return (link, EditHistory(states: states, told: told, answers: answers))
    }
  }
}
