package import Files
import Glibc
package import Logging
package import Service

/// Where the programs of one host count: `STATE_DIR/metrics/<program>-<number>`, a slot for each
/// process.
///
/// A process takes the first free slot of its program and continues with the numbers in it. So no
/// sum ever decreases, and there are only as many slots as there were processes at a time. Sums
/// include slots that no process holds now.
package struct MetricsDirectory: Sendable {
  /// The limit of slots of one program; further processes count in private memory.
  private static let maximumSlots = 1024

  private let state: StateDirectory
  private var path: String { state.metrics }

  package init(_ state: StateDirectory) {
    self.state = state
  }

  package init(_ settings: Settings) {
    self.init(StateDirectory(settings))
  }

  /// The meter of this process, in a slot that it holds until the meter ends.
  ///
  /// - Throws: When no slot can be had.
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

  /// The same, or a private meter after a failure: counting is no reason to fail.
  package func meter(_ role: Role, log: Logger) -> Meter {
    do throws(FileError) {
      return try take(role)
    } catch {
      log.warning("what is counted can't be shared", metadata: ["error": "\(error)"])
      return Meter()
    }
  }

  /// The numbers of all processes; empty if none has counted.
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
