import Glibc
import JSON
import Service

/// Checks each pool by requests to its own socket, so that no other pool answers for it.
///
/// Each is asked for what needs its engines, since it may run with other settings than this command.
struct PoolCheck {
  private static let timeout = 3000
  /// A worker that has lost an engine connects again within this time, if it can.
  private static let attempts = 5
  private let directory: String
  private let user: String
  private let link: KnownLink
  private let idle: IdlePools
  /// The subjects of what failed before, which explains a pool's failure.
  private let failed: Set<String>

  /// - Parameters:
  ///   - directory: Where the sockets are.
  ///   - user: The programs' user.
  ///   - link: Which link is asked for.
  ///   - idle: Those that are switched off.
  ///   - earlier: The findings about the engines and the schema.
  init(directory: String, user: String, link: KnownLink, idle: IdlePools, after earlier: [Finding])
  {
    self.directory = directory
    self.user = user
    self.link = link
    self.idle = idle
    failed = Set(earlier.filter { $0.state == .failed }.map(\.subject))
  }

  func findings() -> [Finding] {
    // Those that ask PostgreSQL first: they put the link into Redis, where redirect workers find it.
    let (lookups, retries) = (redirecting("shortener-lookup"), redirecting("shortener-spare"))
    return [
      redirects(), lookups, retries,
      engines("shortener-api", "/health", ["postgres", "redis"]),
      engines("analytics", "/stats/health", ["clickhouse", "postgres"]),
    ]
  }

  /// A redirect worker answers from its memory and Redis, and hands on (530) what isn't there.
  private func redirects() -> Finding {
    let pool = "shortener"
    let target = link.code ?? link.unknown
    return check(pool, "HEAD", "/\(target)") { answer in
      guard answer.status < 500 || answer.status == 530 else {
        return starved(pool, "answers \(answer.status)", of: "Redis", by: "REDIS_URL")
      }
      let isFilled = ["shortener-lookup", "shortener-spare"].contains { idle.reason($0) == nil }
      guard answer.status == 530, link.code != nil, isFilled, !failed.contains("PostgreSQL") else {
        return nil
      }
      return starved(pool, "finds no link in Redis", of: "Redis", by: "REDIS_URL")
    }
  }

  /// A code that nobody has makes these ask PostgreSQL.
  private func redirecting(_ pool: String) -> Finding {
    if let code = link.code, idle.reason(pool) == nil {
      _ = try? call(pool).ask("HEAD", "/\(code)")
    }
    return check(pool, "HEAD", "/\(link.unknown)") { answer in
      guard answer.status >= 500 else { return nil }
      return starved(
        pool, "answers \(answer.status)", of: "PostgreSQL", by: "PG_LOOKUP_DSN or PG_DSN")
    }
  }

  /// A pool that tells how its engines are.
  private func engines(_ pool: String, _ path: String, _ names: [String]) -> Finding {
    check(pool, "GET", path) { answer in
      guard let health = try? JSONValue(parsing: answer.body),
        let states = health.object?["dependencies"]?.object
      else {
        return .failed(
          "pool \(pool)", "\(path) answers \(answer.status), and no state",
          do: "see its log; \(Advice.restart(pool))")
      }
      for name in names where states[name]?.object?["state"]?.string != "up" {
        guard let (engine, settings) = Self.engines[name] else { continue }
        let setting = name == "postgres" ? Self.login(pool) : settings
        return starved(pool, "doesn't reach \(engine)", of: engine, by: setting)
      }
      return nil
    }
  }

  private static let engines = [
    "postgres": ("PostgreSQL", "PG_DSN"), "redis": ("Redis", "REDIS_URL"),
    "clickhouse": ("ClickHouse", "CLICKHOUSE_URL"),
  ]

  private static func login(_ pool: String) -> String {
    pool == "analytics" ? "PG_ANALYTICS_DSN or PG_DSN" : "PG_API_DSN or PG_DSN"
  }

  /// The finding of a pool that lacks an engine.
  private func starved(
    _ pool: String, _ detail: String, of engine: String, by setting: String
  ) -> Finding {
    let causes = [engine, "\(engine) logins", "\(engine) database", "schema"].filter(
      failed.contains)
    guard causes.isEmpty else {
      return .failed(
        "pool \(pool)", "\(detail): see \(causes.joined(separator: ", "))",
        do: "mend that first")
    }
    return .failed(
      "pool \(pool)", "\(detail), which this command reaches",
      do: "\(Advice.restart(pool)), which takes the settings as they are now; if it stays, correct "
        + "\(setting), which its service may set otherwise")
  }

  private func call(_ pool: String) -> PoolCall {
    PoolCall(path: "\(directory)/\(pool).sock", timeoutMilliseconds: Self.timeout)
  }

  /// Asks a pool until its answer has no fault, a few times at most.
  private func check(
    _ pool: String, _ method: String, _ target: String, fault: (PoolCall.Answer) -> Finding?
  ) -> Finding {
    if let reason = idle.reason(pool) {
      return .ok("pool \(pool)", "switched off: \(reason)")
    }
    var finding = Finding.ok("pool \(pool)", "")
    for attempt in 1...Self.attempts {
      let start = SystemClock.bootMilliseconds()
      do throws(PoolCall.Failure) {
        let answer = try call(pool).ask(method, target)
        guard let fault = fault(answer) else {
          return .ok("pool \(pool)", "answered in " + Timing.milliseconds(since: start))
        }
        finding = fault
      } catch {
        return absent(pool, error)
      }
      if attempt < Self.attempts { Pause.milliseconds(300) }
    }
    return finding
  }

  private func absent(_ pool: String, _ failure: PoolCall.Failure) -> Finding {
    let path = call(pool).path
    switch failure {
    case .unreachable(let code):
      let detail = "\(path): \(String(cString: strerror(code)))"
      guard code != EACCES else {
        return .failed(
          "pool \(pool)", detail,
          do: HostUser(named: user)?.id == geteuid()
            ? "\(Advice.restart(pool)), which gives the socket to \(user)"
            : "ask as the programs' user: runuser -u \(user) -- swiftlet doctor")
      }
      return .failed(
        "pool \(pool)", detail,
        do:
          "\(Advice.restart(pool)), which makes the socket; or set SWIFTLET_RUN to the sockets' directory"
      )
    case .silent:
      return .failed(
        "pool \(pool)", "no worker answers within \(Self.timeout / 1000) s",
        do: "\(Advice.restart(pool)): they hang, or are too few")
    case .broken:
      return .failed(
        "pool \(pool)", "the connection ended without an answer",
        do: "see its log; \(Advice.restart(pool))")
    }
  }
}
