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
  ///   - link: The link's id, where the code doesn't tell it.
  ///   - time: Of which time it is.
  mutating func add(
    _ click: Oracle.Expected, id: String, isRetried: Bool = false, link: UInt64? = nil,
    at time: Date = Date()
  ) {
    bytes += Self.line(click, id: id, isRetried: isRetried, link: link, at: time)
  }

  static func line(
    _ click: Oracle.Expected, id: String, isRetried: Bool = false, link: UInt64? = nil,
    at time: Date = Date()
  ) -> [UInt8] {
    let milliseconds = Int(time.timeIntervalSince1970 * 1000)
    let text =
      #"{"event_id":"\#(id)","short_code":"\#(click.code)","timestamp":\#(milliseconds),"#
      + #""ip_address":"\#(click.address)","user_agent":"\#(click.userAgent)","#
      + #""referrer":"\#(click.referrer)""# + (isRetried ? #","retried":true"# : "")
      + (link.map { #","link":"\#($0)""# } ?? "") + "}\n"
    return Array(text.utf8)
  }

  /// How many bytes it has so far: where the last line ends.
  var end: Int { bytes.count }

  /// Puts it among the others.
  ///
  /// - Parameter name: 16 hexadecimal digits that no other journal has.
  /// - Returns: Its path; the relay removes it when RabbitMQ has all of it.
  /// - Throws: When it can't be written.
  @discardableResult
  func plant(as name: String = PlantedJournal.name()) throws -> String {
    let path = try TestStack.value("JOURNAL_DIR") + "/\(name).ndjson"
    try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    return path
  }

  /// A name that no other journal has.
  static func name() -> String { String(format: "%016lx", UInt64.random(in: .min ... .max)) }

  /// An event that nobody else has.
  static func event() -> String { UUID().uuidString.filter { $0 != "-" }.lowercased() }

  /// A click of a drill's link.
  static func click(_ number: Int, of scene: Scene, agent: String = "planted") -> Oracle.Expected {
    Oracle.Expected(
      code: scene.codes[number % 2], address: "127.0.0.10", userAgent: "\(agent) \(number)",
      referrer: "")
  }
}
