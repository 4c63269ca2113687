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
      let clients = kind.clients(at: rate)
      for client in 0..<clients {
        let own = source
        source += 1
        repeating(every: Double(clients) / Double(rate)) { [self] turn in
          ask(kind, number: turn * clients + client, source: own)
        }
      }
    }
    repeating(every: EditedLinks.interval) { _ in links.edited.edit() }
  }

  /// Ends it and waits for the last answers.
  func stop() {
    lock.withLock { isStopped = true }
    group.wait()
  }

  /// Does something again and again, on a thread of its own: the pool of dispatch has no more threads
  /// than the machine has cores.
  private func repeating(every interval: Double, _ body: @escaping @Sendable (Int) -> Void) {
    group.enter()
    let thread = Thread { [self] in
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
      group.leave()
    }
    thread.start()
  }

  private func ask(_ kind: RequestKind, number: Int, source: UInt8) {
    var site = site
    site.source = source
    func click(_ code: String, device: String = "") -> Oracle.Expected {
      self.click(code, kind, number, source, device: device)
    }
    switch kind {
    case .unknown:
      askForNothing(site, number % 2 == 0 ? links.missing : links.unknown(number))
    case .cold:
      guard let code = links.cold(number) else { return }
      follow(plain(.cold, click(code)), site)
    case .warm:
      follow(plain(.warm, click(links.warm[number / 8 % 2])), site)
    case .managed: follow(links.managed.visit(number, click), site)
    case .edited: follow(links.edited.visit(number) { click($0) }, site, turn: number)
    case .limited:
      guard let visit = links.limited.visit(number, { click($0) }) else { return }
      spend(visit, site, number)
    case .retried:
      let limited = links.limited.visit(number / 4, isRetried: true) { click($0) }
      if number % 4 == 3, let limited {
        followTwice(limited, number / 4)
      } else {
        followTwice(plain(.retried, click(links.warm[number % 2])), number)
      }
    }
  }

  private func plain(_ kind: RequestKind, _ click: Oracle.Expected) -> Visit {
    Visit(kind: kind, click: click, destination: links.destination(of: click.code))
  }

  private func click(
    _ code: String, _ kind: RequestKind, _ number: Int, _ source: UInt8, device: String
  ) -> Oracle.Expected {
    Oracle.Expected(
      code: code, address: "127.0.0.\(source)",
      userAgent: "\(links.agent)\(kind).\(number)\(device) \"é\\€\"" + padding,
      referrer: Self.referrers[(number / 8 + number) % Self.referrers.count])
  }

  /// Follows a link; one that is edited has its turns.
  private func follow(_ visit: Visit, _ site: HTTPClient, turn: Int = 0) {
    let began = Date()
    let answer = try? site.get(visit.target, visit.fields)
    switch answer?.status {
    case 301:
      guard let id = answer?["x-request-id"], let location = answer?["location"] else {
        return oracle.wrong("a redirect of \(visit.click.code) without a destination or an id")
      }
      oracle.answered(id, visit, began: began)
      expect(location, visit)
      if visit.kind == .edited { links.edited.led(turn, id, to: location, from: began) }
    case 410 where visit.kind == .limited:
      links.limited.wasSpent(visit.click.code)
      oracle.refused(visit)
    case 404, 410:
      oracle.wrong("\(answer?.status ?? 0) for the \(visit.kind) link \(visit.click.code)")
      oracle.failed(visit, Self.outcome(answer))
    default: oracle.failed(visit, Self.outcome(answer))
    }
  }

  /// Follows a limited link, every other time on another host, if there is one.
  private func spend(_ visit: Visit, _ site: HTTPClient, _ number: Int) {
    guard number % 2 == 1, let other = TwoHosts.otherSite else { return follow(visit, site) }
    let head = "GET \(visit.target) HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\n"
    let fields = visit.fields.map { "\($0.0): \($0.1)\r\n" }.joined()
    guard let socket = try? Socket(path: other),
      let answer = try? HTTPClient.exchange(Array((head + fields + "\r\n").utf8), on: socket)
    else { return links.limited.failed(visit.click.code) }
    switch answer.status {
    case 301:
      links.limited.redirected(answer["x-request-id"] ?? "", visit.click.code)
      expect(answer["location"], visit)
    case 410: links.limited.wasSpent(visit.click.code)
    default: links.limited.failed(visit.click.code)
    }
  }

  /// The same past nginx, which asks the backup pool for what the other one may have recorded.
  private func followTwice(_ visit: Visit, _ number: Int) {
    let (began, isLimited) = (Date(), visit.led.link != nil)
    switch pools.follow(visit.click, isFirstAsked: number % 2 == 0, isLimited: isLimited) {
    case .redirected(let id, let location):
      oracle.answered(id, visit, began: began)
      expect(location, visit)
    case .failed("410") where isLimited:
      links.limited.wasSpent(visit.click.code)
      oracle.refused(visit)
    case .failed(let outcome): oracle.failed(visit, outcome)
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

  private func expect(_ location: String?, _ visit: Visit) {
    guard let right = visit.destination, location != right else { return }
    oracle.wrong("\(visit.click.code) led to \(location ?? "nowhere"), not to \(right)")
  }

  /// A 503 that says when to come again is one thing, any other another.
  private static func outcome(_ answer: HTTPClient.Answer?) -> String {
    guard let answer else { return "no answer" }
    let isPolite = answer.status == 503 && answer["retry-after"].flatMap { Int($0) } != nil
    return isPolite ? Report.comeAgain : "\(answer.status)"
  }
}
