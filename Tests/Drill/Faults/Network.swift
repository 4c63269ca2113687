import Foundation
import TestSupport

/// The network between an engine and those who use it, in the drill's hands.
///
/// RabbitMQ and ClickHouse are on TCP: the relay and the consumer are restarted with the address of a
/// proxy. PostgreSQL and Redis are on Unix sockets, whose place a proxy takes. All of it ends with
/// the drill, and the stack itself is a temporary one.
enum Network {
  /// Does something with a proxy between an engine and its users.
  ///
  /// - Parameters:
  ///   - engine: Which one.
  ///   - users: Of RabbitMQ and ClickHouse, the programs that go through the proxy.
  ///   - body: The harm.
  /// - Throws: When it can't be set up, or nobody met with harm.
  static func through(
    _ engine: Component, users: [Component] = [.relay, .consumer],
    _ body: (FaultProxy) throws -> Void
  ) throws {
    switch engine {
    case .rabbitmq: try onPort("RABBITMQ_URL", users, body)
    case .clickhouse: try onPort("CLICKHOUSE_URL", [.consumer], body)
    case .postgres: try inPlace("/postgres/.s.PGSQL.5432", hangUpPostgres, body)
    case .redis: try inPlace("/redis.sock", hangUpRedis, body)
    default: throw DrillError("\(engine) is no engine")
    }
  }

  private static func run(_ body: (FaultProxy) throws -> Void, _ proxy: FaultProxy) throws {
    defer { proxy.mode = .pass }
    try body(proxy)
    guard proxy.harm > 0 else { throw DrillError("no connection met with harm") }
  }

  // MARK: - TCP

  private static func onPort(
    _ variable: String, _ users: [Component], _ body: (FaultProxy) throws -> Void
  ) throws {
    guard var url = URLComponents(string: try TestStack.value(variable)),
      let port = url.port.flatMap({ UInt16(exactly: $0) })
    else { throw DrillError("\(variable) can't be read") }
    let proxy = try FaultProxy(to: port)
    url.port = Int(proxy.port)
    defer {
      do { try Programs.withdraw(users) } catch { say("restart \(users): \(error)") }
      proxy.stop()
    }
    try Programs.give([variable: url.string ?? ""], to: users)
    try run(body, proxy)
  }

  // MARK: - Unix sockets

  private static func inPlace(
    _ name: String, _ hangUp: (String) throws -> Void, _ body: (FaultProxy) throws -> Void
  ) throws {
    let path = try TestStack.value("SWIFTLET_RUN") + name
    let aside = path + ".aside"
    guard rename(path, aside) == 0 else { throw Socket.Failure("rename \(path)") }
    defer { rename(aside, path) }
    let proxy = try FaultProxy(at: path, to: aside)
    defer { proxy.stop() }
    try hangUp(path)
    try run(body, proxy)
  }

  private static func hangUpRedis(_ path: String) throws {
    try Command.check("/usr/bin/redis-cli", ["-s", path, "CLIENT", "KILL", "TYPE", "normal"])
  }

  private static func hangUpPostgres(_ path: String) throws {
    let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
    try Command.check(
      "/usr/bin/psql",
      [
        "-X", "-h", directory, "-U", "postgres", "-d", "postgres", "-Atc",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
          + "WHERE application_name LIKE 'swiftlet%'",
      ])
  }
}
