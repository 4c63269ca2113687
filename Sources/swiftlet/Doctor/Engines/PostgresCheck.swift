import Management
import Postgres
import Service
import Sessions

/// Checks PostgreSQL: reachable, version, schema, clock, free connections, worker ids in use.
struct PostgresCheck {
  private static let subject = "PostgreSQL"
  private let settings: Settings

  init(_ settings: Settings) {
    self.settings = settings
  }

  func findings() -> [Finding] {
    if let unreadable = unreadable(.owner, Self.subject) { return [unreadable] }
    let session = Doctor.postgres(settings)
    do throws(StoreError) {
      let start = SystemClock.bootMilliseconds()
      let version = try session.read("connect") { connection in connection.serverVersion }
      let name = "\(version / 10_000).\(version % 10_000)"
      let answer = "connected in " + Timing.milliseconds(since: start)
      return [EngineRelease.postgres.finding(name, answer), logins()]
        + (try session.read("look at the server") { connection throws(PostgresError) in
          [try clock(connection), try writable(connection), try connections(connection)]
        }) + leases(session)
    } catch {
      return [
        .failed(
          Self.subject, error.detail,
          do: Advice.engine(
            error.detail, setting: "PG_DSN", meanwhile: "links can't be made until then"))
      ]
    }
  }

  /// Connects by each login that a program has of its own.
  private func logins() -> Finding {
    let subject = "PostgreSQL logins"
    let users = PostgresUser.allCases.filter {
      settings.postgresDSN(of: $0) != settings.postgresDSN(of: .owner)
    }
    for user in users {
      if let unreadable = unreadable(user, subject) { return unreadable }
      let session = PostgresSession(
        settings, as: user, program: "doctor", timeoutMilliseconds: Doctor.postgresTimeout,
        log: Doctor.quietLog)
      do throws(StoreError) {
        _ = try session.read("connect") { connection in connection.serverVersion }
      } catch {
        return .failed(
          subject, "\(user.setting.name): \(error.detail)",
          do: Advice.engine(
            error.detail, setting: user.setting.name, meanwhile: "then swiftlet restart"))
      }
    }
    return .ok(subject, "\(users.count) of programs of their own")
  }

  private func unreadable(_ user: PostgresUser, _ subject: String) -> Finding? {
    ConnectionOptions.complaint(about: settings.postgresDSN(of: user)).map { complaint in
      .failed(
        subject, "\(user.setting.name) can't be read: \(complaint)",
        do: "write it as \(SettingForm.dsnForm)")
    }
  }

  private func clock(_ connection: Connection) throws(PostgresError) -> Finding {
    let before = SystemClock.milliseconds()
    let theirs = try connection.executeOnce(
      "SELECT clock_timestamp()", "read the clock", timeoutMilliseconds: Doctor.postgresTimeout
    ).one { row throws(PostgresError) in try row.milliseconds() }
    return Timing.clockFinding(
      Self.subject, theirs: theirs, before: before, after: SystemClock.milliseconds())
  }

  private func writable(_ connection: Connection) throws(PostgresError) -> Finding {
    let rows = try connection.executeOnce(
      "SELECT current_setting('transaction_read_only'), current_setting('fsync')", "read settings",
      timeoutMilliseconds: Doctor.postgresTimeout)
    let (readOnly, fsync) = try rows.one { row throws(PostgresError) in
      (try row.text(), try row.text())
    }
    if readOnly == "on" {
      return .failed(
        "PostgreSQL writes", "the server is read-only", do: "point PG_DSN at the primary")
    }
    guard fsync == "on" else {
      return .warning(
        "PostgreSQL writes", "fsync is off: a crash of the host loses links",
        do: "set fsync = on in postgresql.conf")
    }
    return .ok("PostgreSQL writes", "accepted and durable")
  }

  /// All that are open: of other users' ones `pg_stat_activity` doesn't tell what they are.
  private func connections(_ connection: Connection) throws(PostgresError) -> Finding {
    let rows = try connection.executeOnce(
      """
      SELECT sum(numbackends)::int8, current_setting('max_connections')::int FROM pg_stat_database
      """, "count connections", timeoutMilliseconds: Doctor.postgresTimeout)
    let (used, most) = try rows.one { row throws(PostgresError) in
      (try row.integer(), try row.integer())
    }
    guard used * 10 < most * 9 else {
      return .warning(
        "PostgreSQL connections", "\(used) of \(most) are used",
        do: "raise max_connections, or lower SHORTENER_WORKERS and SHORTENER_API_WORKERS")
    }
    return .ok("PostgreSQL connections", "\(used) of \(most) are used")
  }

  private func leases(_ session: PostgresSession) -> [Finding] {
    let leases = PostgresWorkerLeases(session, timeoutMilliseconds: Doctor.postgresTimeout)
    do throws(StoreError) {
      let holders = try leases.holders()
      guard !holders.isEmpty else { return [] }
      return [
        .warning(
          "worker ids of PostgreSQL", "\(holders.count) of 256 held, for lack of Redis' ones",
          do: "none if Redis was started within WORKER_ID_LEASE_TTL; else see to Redis")
      ]
    } catch {
      return []  // The check of the schema says why.
    }
  }
}
