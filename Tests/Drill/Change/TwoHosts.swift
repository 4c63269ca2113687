import Foundation
import TestSupport

/// The stack's host and a second one, each with a fast path beside its pools.
final class TwoHosts {
  let second: SecondHost
  private let sites: [(host: Int, kind: String, nginx: OwnNginx)]

  private init() throws {
    let second = try SecondHost(Self.variables)
    self.second = second
    let run = try TestStack.value("SWIFTLET_RUN")
    let first = ["SWIFTLET_RUN": run].merging(Self.variables) { own, _ in own }
    func nginx(_ host: Int, _ fast: String) throws -> OwnNginx {
      try OwnNginx(
        at: "unix:\(second.directory("site-\(host)-\(fast).sock"))",
        (host == 1 ? first : second.variables).merging(["FAST_PATH": fast]) { _, fast in fast },
        workers: 2, in: host == 1 ? nil : second.network, edit: Self.edit)
    }
    sites = [
      (1, "site", try nginx(1, "0")), (1, "fast path", try nginx(1, "1")),
      (2, "site", try nginx(2, "0")), (2, "fast path", try nginx(2, "1")),
    ]
  }

  /// Production's memory: the stack's own is so short that a change is seen by its end alone.
  private static let memory = ["HOT_CACHE_MS": "30000"]

  /// Nobody is limited, and journals that nobody empties have room.
  private static let variables = [
    "JOURNAL_MAX_BYTES": "1000000000", "LIMIT_CONNECTIONS": "0", "LIMIT_UNKNOWN": "0",
  ].merging(memory) { own, _ in own }

  private static let redirecting: [Component] = [.worker, .lookup, .spare]

  /// A connection is kept for as long as the drill lasts.
  private static func edit(_ site: String) -> String {
    "keepalive_requests 1000000000;\nset_real_ip_from unix:;\nreal_ip_header X-Forwarded-For;\n"
      + site
  }

  /// Every worker of both hosts by itself, and both hosts' sites.
  func places() throws -> [Place] {
    let run = try TestStack.value("SWIFTLET_RUN")
    let pools = [
      ("shortener", "redirect worker"), ("shortener-lookup", "look-up worker"),
      ("shortener-spare", "retry worker"),
    ]
    var places: [Place] = []
    for (pool, name) in pools {
      places += Place.each(
        of: try Supervisor.pids("\(pool):"), "host 1, \(name)", .pool("\(run)/\(pool).sock"))
      places += Place.each(
        of: try second.pids("\(pool):"), "host 2, \(name)", .pool(second.socket(pool)))
    }
    for site in sites {
      let target = Place.Target.site(path(of: site.host, site.kind))
      places +=
        site.kind == "site"
        ? [Place(name: "host \(site.host), site", target: target)]
        : Place.each(of: site.nginx.workers, "host \(site.host), fast path", target)
    }
    return places
  }

  /// The processes of a program of both hosts.
  func pids(_ program: String) throws -> [pid_t] {
    try Supervisor.pids(program) + second.pids(program)
  }

  /// Does something while all processes of a program stand still, on both hosts.
  func whileFrozen(_ program: String, _ body: () throws -> Void) throws {
    let pids = try pids(program)
    guard pids.count > 1 else { throw DrillError("\(program) does not run on both hosts") }
    for pid in pids { Glibc.kill(pid, SIGSTOP) }
    defer { for pid in pids { Glibc.kill(pid, SIGCONT) } }
    try body()
  }

  /// Does something while a program is stopped on both hosts.
  func whileStopped(_ program: String, _ body: () throws -> Void) throws {
    try Supervisor.stop(program)
    try Supervisor.stop(program, at: second.supervisor)
    defer {
      for url in [nil, second.supervisor] {
        do { try Supervisor.start(program, at: url) } catch { say("start \(program): \(error)") }
      }
    }
    try body()
  }

  /// Connections that press both hosts' sites.
  func pressure(_ count: Int) -> [Place] {
    (0..<count).map { number in
      let host = number % 2 + 1
      return Place(
        name: "host \(host), load", target: .site(path(of: host, "site")), isPressed: true)
    }
  }

  private func path(of host: Int, _ kind: String) -> String {
    second.directory("site-\(host)-\(kind == "site" ? 0 : 1).sock")
  }
}

extension TwoHosts {
  /// Of the drill under way: drills follow one another on one thread.
  private nonisolated(unsafe) static var current: TwoHosts?

  /// The socket of the second host's site; nil while there is none.
  static var otherSite: String? { current?.path(of: 2, "site") }

  @Sendable static func start() throws {
    try Programs.give(memory, to: redirecting)
    current = try TwoHosts()
  }

  @Sendable static func stop() throws {
    current = nil
    try Programs.withdraw(redirecting)
  }

  /// Those that were started.
  static func running() throws -> TwoHosts {
    guard let current else { throw DrillError("there is no second host") }
    return current
  }
}
