import Foundation
import TestSupport

/// The consumer of another host, whose connections to the broker go through a proxy.
struct OtherHost {
  private static let often = ["BATCH_MAX_MS": "20"]

  private let proxy: FaultProxy
  private let variables: [String: String]
  private let log: String
  private var consumer: ChildProcess

  init() throws {
    guard var url = URLComponents(string: try TestStack.value("RABBITMQ_URL")),
      let port = url.port.flatMap({ UInt16(exactly: $0) })
    else { throw DrillError("RABBITMQ_URL can't be read") }
    proxy = try FaultProxy(to: port)
    url.port = Int(proxy.port)
    variables = Self.often.merging([
      "RABBITMQ_URL": url.string ?? "",
      "JOURNAL_DIR": try TestStack.value("JOURNAL_DIR") + "/other-host",
      "STATE_DIR": try TestStack.value("STATE_DIR") + "/other-host",
    ]) { _, new in new }
    log = try TestStack.value("SWIFTLET_LOG") + "/consumer-other-host.log"
    consumer = try Self.start(variables, log)
  }

  /// Lets the stack's own consumer store small batches, too, so that most of the time it is amid one.
  static func hurry() throws { try Programs.give(often, to: [.consumer]) }

  static func stopHurrying() throws { try Programs.withdraw([.consumer]) }

  private static func start(_ variables: [String: String], _ log: String) throws -> ChildProcess {
    try ChildProcess(
      TestStack.programs.appendingPathComponent("consumer").path, environment: variables,
      output: log)
  }

  mutating func kill() throws {
    consumer.signal(SIGKILL)
    _ = consumer.wait(seconds: 5)
    consumer = try Self.start(variables, log)
  }

  mutating func restart() throws {
    stop()
    consumer = try Self.start(variables, log)
  }

  func stop() {
    consumer.signal(SIGTERM)
    if consumer.wait(seconds: 12) == nil { say("the other host's consumer does not stop") }
  }

  /// Stopped while the broker takes its connection for lost.
  func freeze(seconds: Double) throws {
    consumer.signal(SIGSTOP)
    proxy.reset()
    usleep(UInt32(seconds * 1_000_000))
    consumer.signal(SIGCONT)
  }
}
