import TestSupport

/// The clock that the programs of a click's way go by in a drill; the engines keep the machine's.
enum StackClock {
  private static let users: [Component] = [.worker, .lookup, .api, .spare, .relay, .consumer]

  static var clock: SteppedClock {
    get throws { SteppedClock(file: try TestStack.value("VAR") + "/clock") }
  }

  @Sendable static func take() throws {
    try clock.step(to: 0)
    try Programs.give(clock.environment, to: users)
  }

  @Sendable static func giveBack() throws { try Programs.withdraw(users) }
}
