import Foundation
import TestSupport

/// Clients that ask at a steady rate, each from an address of its own, and tell the oracle what came
/// back.
///
/// Unchecked, because `lock` is held around every use of what changes.
final class Load: @unchecked Sendable {
  private static let referrers = [
    "", "https://a.example/", "https://b.example/?q=1", "https://c.example/%C3%BC",
    "https://d.example/ü", "https://e.example/\"quoted\\",
  ]

  private let oracle: Oracle
  private let links: Links
  private let site: HTTPClient
  private let pools: RetriedRequest
  private let padding: String
  private let lock = NSLock()
  private var isStopped = false
  private let group = DispatchGroup()

  /// Begins.
  ///
  /// - Parameters:
  ///   - oracle: Told of every answer.
  ///   - links: What is asked for.
  ///   - rates: Requests a second of each kind.
  ///   - padding: Bytes more of each user agent.
  /// - Throws: When there is no stack.
  init(_ oracle: Oracle, _ links: Links, rates: [RequestKind: Int], padding: Int) throws {
    self.oracle = oracle
    self.links = links
    self.padding = String(repeating: "x", count: padding)
    site = try HTTPClient.site()
    pools = try RetriedRequest()
    var source: UInt8 = 10
    for kind in RequestKind.allCases {
      guard let rate = rates[kind], rate > 0 else { continue }
      // One that waits for an answer asks for nothing meanwhile.
      let clients = kind == .warm ? 8 : min(8, 1 + rate / 25)
      for client in 0..<clients {
        let own = source
        source += 1
        // A thread of its own: the pool of dispatch has no more threads than the machine has cores.
        group.enter()
        let thread = Thread { [self] in
          repeating(every: Double(clients) / Double(rate)) { turn in
            ask(kind, number: turn * clients + client, source: own)
          }
          group.leave()
        }
        thread.start()
      }
    }
  }

  /// Ends it and waits for the last answers.
  func stop() {
    lock.withLock { isStopped = true }
    group.wait()
  }

  private func repeating(every interval: Double, _ body: (Int) -> Void) {
    var turn = 0
    var next = Date.timeIntervalSinceReferenceDate
    while !(lock.withLock { isStopped }) {
      let now = Date.timeIntervalSinceReferenceDate
      if next > now { usleep(UInt32((next - now) * 1_000_000)) }
      // What was missed during a pause is not made up for.
      next = max(next, now - 1) + interval
      body(turn)
      turn += 1
    }
  }

  private func ask(_ kind: RequestKind, number: Int, source: UInt8) {
    var site = site
    site.source = source
    switch kind {
    case .unknown:
      askForNothing(site, number % 2 == 0 ? links.missing : links.unknown(number))
    case .cold:
      guard let code = links.cold(number) else { return }
      follow(.cold, click(code, kind, number, source), site)
    case .warm:
      follow(.warm, click(links.warm[number / 8 % 2], kind, number, source), site)
    case .retried:
      followTwice(click(links.warm[number % 2], kind, number, source), number)
    }
  }

  private func click(
    _ code: String, _ kind: RequestKind, _ number: Int, _ source: UInt8
  ) -> Oracle.Expected {
    Oracle.Expected(
      code: code, address: "127.0.0.\(source)",
      userAgent: "\(links.agent)\(kind).\(number) \"é\\€\"" + padding,
      referrer: Self.referrers[(number / 8 + number) % Self.referrers.count])
  }

  /// Follows a link.
  private func follow(_ kind: RequestKind, _ click: Oracle.Expected, _ site: HTTPClient) {
    var fields = [("User-Agent", click.userAgent)]
    if !click.referrer.isEmpty { fields.append(("Referer", click.referrer)) }
    let began = Date()
    let answer = try? site.get("/\(click.code)", fields)
    guard let answer, answer.status == 301, let id = answer["x-request-id"] else {
      if answer?.status == 404 { oracle.wrong("404 for the \(kind) link \(click.code)") }
      return oracle.failed(click, kind, Self.outcome(answer))
    }
    oracle.answered(id, click, kind, began: began)
    expect(answer["location"], click.code)
  }

  /// The same past nginx, which asks the backup pool for what the other one may have recorded.
  private func followTwice(_ click: Oracle.Expected, _ number: Int) {
    let began = Date()
    switch pools.follow(click, isFirstAsked: number % 2 == 0) {
    case .redirected(let id, let location):
      oracle.answered(id, click, .retried, began: began)
      expect(location, click.code)
    case .failed(let outcome): oracle.failed(click, .retried, outcome)
    }
  }

  /// Asks for a code that no link has: 404, or that it can't be told now.
  private func askForNothing(_ site: HTTPClient, _ code: String) {
    let answer = try? site.get("/\(code)", [("User-Agent", links.agent + "unknown")])
    switch answer?.status {
    case 404: oracle.asked(unknown: nil)
    case let status? where status < 400:
      oracle.wrong("\(status) for a code that no link has, \(code)")
      oracle.asked(unknown: "\(status)")
    default: oracle.asked(unknown: Self.outcome(answer))
    }
  }

  private func expect(_ location: String?, _ code: String) {
    let right = links.destination(of: code)
    if location != right {
      oracle.wrong("\(code) led to \(location ?? "nowhere"), not to \(right)")
    }
  }

  /// A 503 that says when to come again is one thing, any other another.
  private static func outcome(_ answer: HTTPClient.Answer?) -> String {
    guard let answer else { return "no answer" }
    let isPolite = answer.status == 503 && answer["retry-after"].flatMap { Int($0) } != nil
    return isPolite ? Report.comeAgain : "\(answer.status)"
  }
}
