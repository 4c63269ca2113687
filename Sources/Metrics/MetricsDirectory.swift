package import Files
import Glibc
package import Logging
package import Service

/// Where the programs of one host count: `STATE_DIR/metrics/<program>-<number>`, a slot for each
/// process.
///
/// A process takes the first free slot of its program and goes on with the numbers it finds there.
/// So no sum ever goes down, and there are as many slots as there were processes at a time. The sums
/// are over all slots, also those that no process holds now.
package struct MetricsDirectory: Sendable {
  /// The limit of processes of one program; those beyond count for themselves.
  private static let maximumSlots = 1024

  private let state: StateDirectory
  private var path: String { state.metrics }

  package init(_ state: StateDirectory) {
    self.state = state
  }

  package init(_ settings: Settings) {
    self.init(StateDirectory(settings))
  }

  /// The meter of this process, in a slot of its own until the meter ends.
  ///
  /// - Throws: When there is none to be had.
  package func take(_ role: Role) throws(FileError) -> Meter {
    try state.make()
    try Directory.make(path, mode: 0o700)
    for number in 0..<Self.maximumSlots {
      guard let slot = try MetricsSlot.take("\(path)/\(role.rawValue)-\(number)") else { continue }
      let meter = Meter(over: slot.bytes, of: slot)
      meter.add(.starts)
      meter.set(.started, Int(SystemClock.milliseconds()))
      return meter
    }
    throw FileError("take a slot in", path, code: EMFILE)
  }

  /// The same, or a meter that nobody else can read: counting is no reason to fail.
  package func meter(_ role: Role, log: Logger) -> Meter {
    do throws(FileError) {
      return try take(role)
    } catch {
      log.warning("what is counted can't be shared", metadata: ["error": "\(error)"])
      return Meter()
    }
  }

  /// What all processes have counted; nothing where nobody has.
  package func totals() -> Totals {
    var totals = Totals()
    for name in (try? Directory(path).names()) ?? [] {
      guard let role = Self.role(ofFile: name),
        let slot = MetricsSlot.read("\(path)/\(name)", role: role)
      else { continue }
      totals.add(slot)
    }
    return totals
  }

  private static func role(ofFile name: String) -> Role? {
    let parts = name.split(separator: "-")
    guard parts.count == 2, Int(parts[1]) != nil else { return nil }
    return Role(rawValue: String(parts[0]))
  }
}
