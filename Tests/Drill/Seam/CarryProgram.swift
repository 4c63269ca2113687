import Foundation
import TestSupport

/// The stack's carry, at a rate of the drill's.
enum CarryProgram {
  private static let name = "carry"

  private static var settings: String {
    get throws { try TestStack.value("SWIFTLET_RUN") + "/conf.d/zz-seam.conf" }
  }

  /// Starts it anew; rate 0 is without a limit.
  static func run(rate: Int) throws {
    let program = try TestStack.value("SWIFTLET_BIN") + "/swiftlet"
    try """
    [program:\(name)]
    command=setpriv --pdeathsig TERM "\(program)" clicks carry --rate \(rate)
    """.write(toFile: try settings, atomically: true, encoding: .utf8)
    try Supervisor.update()
  }

  /// One that has come to its end isn't there to be stopped.
  static func stop() throws {
    if try !pids.isEmpty { try Supervisor.stop(name) }
  }

  static func start() throws { try Supervisor.start(name) }

  static var pids: [pid_t] { get throws { try Supervisor.pids(name) } }

  /// Leaves it as the stack has it.
  static func withdraw() throws {
    unlink(try settings)
    try Supervisor.update()
  }
}
