import TestSupport

/// `swiftlet migrate` broken off at one of its statements after the other, until a run comes through.
enum BrokenMigration {
  /// Runs it.
  ///
  /// - Parameters:
  ///   - scene: Told of how often it was broken off.
  ///   - meanwhile: Done between two runs.
  /// - Throws: When it never comes through.
  static func run(_ scene: inout Scene, meanwhile: (inout Scene) throws -> Void) throws {
    let migration = DoomedProgram(name: "swiftlet", arguments: ["migrate"])
    var call = 1
    while true {
      let isSent = Bool.random(using: &scene.faults.random)
      let calls = isSent ? "recvfrom,recvmsg" : "sendto,sendmsg"
      switch try migration.run(dyingAt: calls, call, within: 60) {
      case .killed: scene.pointsReached += 1
      case .ended(0): return
      // The one before may have left its lock for a moment.
      case .ended(let status): scene.notes.append("migrate ended with \(status)")
      case .survived: throw DrillError("the migration hangs")
      }
      try meanwhile(&scene)
      call += Int.random(in: 1...2, using: &scene.faults.random)
      if call > 400 { throw DrillError("the migration never comes through") }
    }
  }
}
