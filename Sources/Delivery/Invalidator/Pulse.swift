import Service

/// Decides when to send a PING, and which moment its PONG confirms.
///
/// The PONG comes on the connection that receives the changes. Redis sends it after everything that
/// was published before it got the PING. A timer would go on beating while the connection is deaf.
struct Pulse {
  /// A moment by both clocks that the beat's readers use.
  struct Moment: Equatable {
    /// See `SystemClock.bootMilliseconds`.
    let boot: Int64
    /// See `SystemClock.monotonicMilliseconds`.
    let monotonic: Int64

    static func now() -> Moment {
      Moment(
        boot: SystemClock.bootMilliseconds(), monotonic: SystemClock.monotonicMilliseconds())
    }
  }

  /// The next action.
  enum Step: Equatable {
    case ping
    /// Listen for at most so many milliseconds.
    case listen(Int)
    /// Give up the connection, which is deaf.
    case giveUp
  }

  /// The interval between two PINGs.
  static let interval: Int64 = 100
  /// How long a PONG may take.
  static let patience: Int64 = 2000

  /// When the PING without a PONG was sent; there is one at a time.
  private var asked: Moment?
  private var dueAt = Int64.min

  func step(at now: Moment) -> Step {
    if let asked {
      let left = asked.boot + Self.patience - now.boot
      return left > 0 ? .listen(Int(min(left, Self.interval))) : .giveUp
    }
    return now.boot >= dueAt ? .ping : .listen(Int(min(dueAt - now.boot, Self.interval)))
  }

  /// Notes that a PING is about to be sent.
  mutating func ping(at now: Moment) {
    asked = now
    dueAt = now.boot + Self.interval
  }

  /// Handles a PONG.
  ///
  /// - Returns: The moment up to which all announcements were received; nil for an unexpected PONG.
  mutating func pong() -> Moment? {
    defer { asked = nil }
    return asked
  }
}
