import Foundation
package import Service
package import Sessions
package import TestSupport

/// A database of a test's own that is reached through a proxy, with time enough for what the proxy does.
package final class ProxiedPostgres {
  package let database: ScratchPostgres
  package let proxy: FaultProxy
  package let settings: Settings
  private let directory: ScratchDirectory

  /// The DSN through the proxy.
  package var dsn: String { "\(database.dsn)&host=\(directory.path)" }

  package init(to database: ScratchPostgres? = nil) throws {
    self.database = try database ?? ScratchPostgres()
    directory = try ScratchDirectory("proxy")
    proxy = try FaultProxy(
      at: directory(".s.PGSQL.5432"),
      to: TestStack.value("SWIFTLET_RUN") + "/postgres/.s.PGSQL.5432")
    settings = try self.database.settings([
      "PG_DSN": "\(self.database.dsn)&host=\(directory.path)", "PG_WRITE_TIMEOUT_MS": "40000",
      "PG_READ_TIMEOUT_MS": "5000",
    ])
  }

  deinit { proxy.stop() }

  /// A session through the proxy.
  package func session() -> PostgresSession {
    PostgresSession(settings, as: .owner, program: "test", log: .quiet)
  }

  /// Loses the next answer of the server, and then cuts the connection.
  package func loseAnswer() {
    let (proxy, before) = (proxy, proxy.harm)
    proxy.mode = .loseAnswers
    Thread.detachNewThread {
      _ = eventually(seconds: 15) { proxy.harm > before }
      proxy.mode = .pass
      proxy.cut()
    }
  }
}
