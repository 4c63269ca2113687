import Service

/// The duration of an operation, and the difference of another machine's clock.
enum Timing {
  /// The difference of two hosts' clocks above which an operator should look, in milliseconds.
  private static let tolerance: Int64 = 1000

  static func milliseconds(since start: Int64) -> String {
    "\(SystemClock.bootMilliseconds() - start) ms"
  }

  /// Compares another machine's clock, which was read between two readings of ours.
  static func clockFinding(
    _ name: String, theirs: Int64, before: Int64, after: Int64
  ) -> Finding {
    let offset = theirs < before ? theirs - before : theirs > after ? theirs - after : 0
    let subject = "clock of \(name)"
    guard abs(offset) > tolerance else {
      return .ok(subject, "within \(max(abs(offset), after - before)) ms of this machine's")
    }
    return .warning(
      subject, "\(abs(offset)) ms \(offset < 0 ? "behind" : "ahead of") this machine's",
      do: "let both machines follow a time server (chrony, systemd-timesyncd)")
  }
}
