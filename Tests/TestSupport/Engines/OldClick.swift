import Foundation

/// A click in the tables of the release before `visits`.
package struct OldClick: Sendable {
  /// 32 hexadecimal digits.
  package let event: String
  package let code: String
  package let seconds: Int
  package let address: String
  package let agent: String
  package let referrer: String
  package var isRetried = false
  /// The journal's name, 16 hexadecimal digits, and where its line ends there.
  package let journal: String
  package var end: Int
  package let batch: Int
  /// Days since 1970.
  package let day: Int

  package init(
    event: String, code: String, seconds: Int, address: String, agent: String, referrer: String,
    isRetried: Bool = false, journal: String, end: Int, batch: Int, day: Int
  ) {
    self.event = event
    self.code = code
    self.seconds = seconds
    self.address = address
    self.agent = agent
    self.referrer = referrer
    self.isRetried = isRetried
    self.journal = journal
    self.end = end
    self.batch = batch
    self.day = day
  }

  /// Its row for a gate, in TabSeparated.
  func row(_ targets: OldGate.Targets) -> String {
    fields(code, seconds, address, agent, referrer, event, isRetried ? 1 : 0, targets)
  }

  /// The row that marks how far its journal and its batch have come.
  func mark(_ counts: OldGate.Targets) -> String {
    let nobody = String(repeating: "0", count: 32)
    return fields("", 86_400, "", "", "", nobody, 0, counts)
  }

  private func fields(
    _ code: String, _ seconds: Int, _ address: String, _ agent: String, _ referrer: String,
    _ event: String, _ retried: Int, _ targets: OldGate.Targets
  ) -> String {
    [
      Self.escaped(code), Self.time(seconds), Self.escaped(address), Self.escaped(agent),
      Self.escaped(referrer), Self.bytes(of: event), "\(retried)",
      "\(UInt64(journal, radix: 16) ?? 0)", "\(end)", "\(batch)",
      Self.date(day), "\(targets.rawValue)",
    ].joined(separator: "\t")
  }

  private static func time(_ seconds: Int) -> String {
    let text = ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: Double(seconds)))
    return text.prefix(10) + " " + text.dropFirst(11).prefix(8)
  }

  private static func date(_ day: Int) -> String { String(time(day * 86_400).prefix(10)) }

  private static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\t", with: "\\t")
      .replacingOccurrences(of: "\n", with: "\\n")
  }

  /// The bytes that hexadecimal digits stand for, each escaped.
  private static func bytes(of digits: String) -> String {
    stride(from: 0, to: digits.utf8.count, by: 2).map { offset in
      let start = digits.index(digits.startIndex, offsetBy: offset)
      return "\\x" + digits[start..<digits.index(start, offsetBy: 2)]
    }.joined()
  }
}
