import Logging
import Service
import Sessions

/// The settings of this installation and the stores they lead to.
struct Installation {
  let settings: Settings
  let log: Logger

  init() throws {
    settings = try Settings(Variables.load())
    // A failure ends the command with a line of its own; the stores' log would say it twice.
    log = Log.make("swiftlet", level: "critical")
  }

  func postgres() -> PostgresSession {
    PostgresSession(settings, as: .owner, program: "cli", log: log)
  }

  func redis() throws -> RedisSession {
    try RedisSession(settings, log: log)
  }
}
