import Foundation
import TestSupport

/// Clients that follow two links at a steady rate, each from an address of its own, and tell the
/// oracle what came back.
///
/// Unchecked, because `lock` is held around every use of what changes.
final class Load: @unchecked Sendable {
  static let clients = 8
  static let referrers = [
    "", "https://a.example/", "https://b.example/?q=1", "https://c.example/%C3%BC",
    "https://d.example/ü", "https://e.example/\"quoted\\",
  ]

  private let lock = NSLock()
  private var isStopped = false
  private let group = DispatchGroup()

  /// Begins.
  ///
  /// - Parameters:
  ///   - oracle: Told of every answer.
  ///   - codes: The links that are followed, in turn.
  ///   - rate: Requests a second of all clients together.
  ///   - padding: Bytes more of each user agent.
  /// - Throws: When there is no stack.
  init(_ oracle: Oracle, codes: [String], rate: Int, padding: Int) throws {
    let site = try HTTPClient.site()
    for client in 0..<Self.clients {
      // A thread of its own: the pool of dispatch has no more threads than the machine has cores.
      group.enter()
      let thread = Thread { [self] in
        follow(
          oracle, site, codes: codes, client: client, every: Double(Self.clients) / Double(rate),
          padding: String(repeating: "x", count: padding))
        group.leave()
      }
      thread.start()
    }
  }

  /// Ends it and waits for the last answers.
  func stop() {
    lock.withLock { isStopped = true }
    group.wait()
  }

  private func follow(
    _ oracle: Oracle, _ site: HTTPClient, codes: [String], client: Int, every interval: Double,
    padding: String
  ) {
    var site = site
    site.source = UInt8(10 + client)
    var number = 0
    var next = Date.timeIntervalSinceReferenceDate
    while !(lock.withLock { isStopped }) {
      let now = Date.timeIntervalSinceReferenceDate
      if next > now { usleep(UInt32((next - now) * 1_000_000)) }
      // What was missed during a pause is not made up for.
      next = max(next, now - 1) + interval
      number += 1
      let click = Oracle.Expected(
        code: codes[number % codes.count], address: "127.0.0.\(site.source)",
        userAgent: "drill \(client).\(number) \"é\\€\"" + padding,
        referrer: Self.referrers[(number + client) % Self.referrers.count])
      ask(oracle, site, click)
    }
  }

  private func ask(_ oracle: Oracle, _ site: HTTPClient, _ click: Oracle.Expected) {
    var fields = [("User-Agent", click.userAgent)]
    if !click.referrer.isEmpty { fields.append(("Referer", click.referrer)) }
    let began = Date()
    do {
      let answer = try site.get("/\(click.code)", fields)
      if answer.status == 301, let id = answer["x-request-id"] {
        oracle.answered(id, click, began: began)
      } else {
        oracle.failed("\(answer.status)")
      }
    } catch {
      oracle.failed("no answer")
    }
  }
}
