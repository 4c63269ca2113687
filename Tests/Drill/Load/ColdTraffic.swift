import Foundation
import TestSupport

/// Clients that ask for links which no memory and no cache has.
///
/// They are new unknown codes, one repeated unknown code, and links that nobody has followed yet.
///
/// Unchecked, because `lock` is held around every use of what changes.
final class ColdTraffic: @unchecked Sendable {
  /// Requests a second of all clients together.
  static let rate = 60
  private static let clients = 24

  private let lock = NSLock()
  private let group = DispatchGroup()
  private var isStopped = false
  private var answers: [String: Int] = [:]
  private var wrong: [String: Int] = [:]
  private var links: [String]

  /// Begins; each of the links is followed once.
  init(links: [String]) throws {
    self.links = links
    let site = try HTTPClient.site()
    for client in 0..<Self.clients {
      group.enter()
      let thread = Thread { [self] in
        ask(site, client)
        group.leave()
      }
      thread.start()
    }
  }

  /// Makes links that stand in PostgreSQL alone.
  static func plant(_ count: Int) throws -> [String] {
    let prefix = "cold" + String(Int.random(in: 100_000...999_999))
    let first = Int64.random(in: 1...(1 << 40))
    let statement =
      "INSERT INTO short_urls (snowflake_id, short_code, original_url) "
      + "SELECT \(first) + n, '\(prefix)' || n, 'https://example.com/cold' "
      + "FROM generate_series(1, \(count)) n"
    try Command.check(
      "/usr/bin/psql",
      ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, TestStack.value("PG_DSN")])
    return (1...count).map { "\(prefix)\($0)" }
  }

  /// How often each status was answered since the last time.
  func take() -> [String: Int] {
    lock.withLock {
      defer { answers = [:] }
      return answers
    }
  }

  /// Ends it and waits for the last answers.
  ///
  /// - Returns: Answers that are neither a redirect, nor 404, nor 503 with `Retry-After`.
  func stop() -> [String: Int] {
    lock.withLock { isStopped = true }
    group.wait()
    return lock.withLock { wrong }
  }

  private func ask(_ site: HTTPClient, _ client: Int) {
    var site = site
    site.source = UInt8(40 + client)
    let interval = Double(Self.clients) / Double(Self.rate)
    var next = Date.timeIntervalSinceReferenceDate + Double(client) / Double(Self.rate)
    var turn = client
    while !(lock.withLock { isStopped }) {
      let now = Date.timeIntervalSinceReferenceDate
      if next > now { usleep(UInt32((next - now) * 1_000_000)) }
      next = max(next, now - 1) + interval
      turn += 1
      note(try? site.get("/" + code(turn)))
    }
  }

  private func code(_ turn: Int) -> String {
    switch turn % 3 {
    case 0: return "noSuchCode"
    case 1: return "no" + String(UInt32.random(in: 0...UInt32.max), radix: 36)
    default: return lock.withLock { links.popLast() } ?? "noLinkIsLeft"
    }
  }

  private func note(_ answer: HTTPClient.Answer?) {
    let status = answer.map { "\($0.status)" } ?? "no answer"
    let isRight =
      ["301", "404"].contains(status)
      || status == "503" && answer?["retry-after"].flatMap { Int($0) } != nil
    lock.withLock {
      answers[status, default: 0] += 1
      if !isRight { wrong[status, default: 0] += 1 }
    }
  }
}
