import Foundation
import TestSupport

/// A journal of whole lines that no worker has written.
struct PlantedJournal {
  private var bytes: [UInt8] = []

  /// Appends the line of a click.
  ///
  /// - Parameters:
  ///   - click: What it tells.
  ///   - id: Its event.
  ///   - isRetried: Whether it is of the backup pool.
  mutating func add(_ click: Oracle.Expected, id: String, isRetried: Bool = false) {
    bytes += Self.line(click, id: id, isRetried: isRetried)
  }

  static func line(_ click: Oracle.Expected, id: String, isRetried: Bool = false) -> [UInt8] {
    let time = Int(Date().timeIntervalSince1970 * 1000)
    return Array(
      (#"{"event_id":"\#(id)","short_code":"\#(click.code)","timestamp":\#(time),"#
        + #""ip_address":"\#(click.address)","user_agent":"\#(click.userAgent)","referrer":"""#
        + (isRetried ? #","retried":true}"# : "}") + "\n").utf8)
  }

  /// Puts it among the others.
  ///
  /// - Returns: Its path; the relay removes it when RabbitMQ has all of it.
  @discardableResult
  func plant() throws -> String {
    let name = String(format: "%016lx", UInt64.random(in: .min ... .max))
    let path = try TestStack.value("JOURNAL_DIR") + "/\(name).ndjson"
    try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    return path
  }

  /// An event that nobody else has.
  static func event() -> String { UUID().uuidString.filter { $0 != "-" }.lowercased() }

  /// A click of a drill's link.
  static func click(_ number: Int, of scene: Scene, agent: String = "planted") -> Oracle.Expected {
    Oracle.Expected(
      code: scene.codes[number % 2], address: "127.0.0.10", userAgent: "\(agent) \(number)",
      referrer: "")
  }
}
