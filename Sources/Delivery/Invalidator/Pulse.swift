import Service

/// When the channel is asked for a sign of life, and which moment that sign vouches for.
///
/// The sign is a PONG on the connection that hears the changes. Redis sends it after all that was
/// published before it had the PING. A timer would go on beating while the connection is deaf.
struct Pulse {
  /// A moment by both clocks that readers of the beat go by.
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

  /// What is to be done now.
  enum Step: Equatable {
    case ping
    /// To listen for so many milliseconds at most.
    case listen(Int)
    /// The connection is deaf.
    case giveUp
  }

  /// Between two PINGs.
  static let interval: Int64 = 100
  /// How long a PONG may take.
  static let patience: Int64 = 2000

  /// When the PING was sent that has no PONG yet: there is one at a time.
  private var asked: Moment?
  private var dueAt = Int64.min

  func step(at now: Moment) -> Step {
    if let asked {
      let left = asked.boot + Self.patience - now.boot
      return left > 0 ? .listen(Int(min(left, Self.interval))) : .giveUp
    }
    return now.boot >= dueAt ? .ping : .listen(Int(min(dueAt - now.boot, Self.interval)))
  }

  /// Takes in that a PING is about to be sent.
  mutating func ping(at now: Moment) {
    asked = now
    dueAt = now.boot + Self.interval
  }

  /// Takes in a PONG.
  ///
  /// - Returns: The moment up to which everything announced has been heard; nil for a PONG that
  ///   nobody has asked for.
  mutating func pong() -> Moment? {
    defer { asked = nil }
    return asked
  }
}
