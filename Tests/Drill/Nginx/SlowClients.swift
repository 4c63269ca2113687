import Foundation
import TestSupport

/// A thousand clients at a time that send or read as slowly as they may, by slowhttptest.
///
/// All of them come from one address, the drill's other clients from others.
enum SlowClients {
  static let count = 1000

  enum Kind: CaseIterable {
    /// A head that goes on and on: up to 5 s, then nginx ends it.
    case head
    /// A body of a byte now and then: nginx waits for each, for so many of a client as may be.
    case body
    /// A long answer that is read byte by byte.
    case answer

    /// None asks for the drill's links: slowhttptest's probes are no clicks that the oracle knows.
    fileprivate func arguments(_ site: String) -> [String] {
      switch self {
      case .head: ["-H", "-i", "3", "-x", "24", "-t", "GET", "-u", "\(site)/openapi.json"]
      case .body:
        [
          "-B", "-i", "3", "-x", "10", "-s", "60000", "-t", "POST", "-f", "application/json",
          "-u", "\(site)/shorten",
        ]
      case .answer:
        [
          "-X", "-w", "512", "-y", "1024", "-n", "3", "-z", "32", "-k", "3",
          "-u", "\(site)/docs/assets/swagger-ui-bundle.js",
        ]
      }
    }
  }

  /// Each kind for some seconds: SLOW_SECONDS, 12 by default.
  static func attack() throws {
    let seconds = ProcessInfo.processInfo.environment["SLOW_SECONDS"].flatMap(Double.init) ?? 12
    for kind in Kind.allCases {
      let end = Date().addingTimeInterval(seconds)
      var most = 0
      while Date() < end {
        most = max(most, try attack(kind, seconds: end.timeIntervalSinceNow))
      }
      say("    \(most) clients with a slow \(kind) at a time")
      // A busy machine opens them more slowly than nginx cuts them off. And of those whose head is
      // whole, nginx turns away all but a few, before they can be slow.
      guard most >= (kind == .head ? count / 2 : 1) else { throw DrillError("too few") }
    }
  }

  /// One run, which ends by itself when nginx has cut off the last connection.
  ///
  /// - Returns: How many were connected at a time.
  private static func attack(_ kind: Kind, seconds: Double) throws -> Int {
    let site = "http://127.0.0.1:\(try TestStack.value("PORT"))"
    let report = NSTemporaryDirectory() + "swiftlet-slow-\(UUID().uuidString)"
    defer {
      for suffix in [".csv", ".html"] { unlink(report + suffix) }
    }
    let (status, output) = try Command.run(
      "/usr/bin/slowhttptest",
      kind.arguments(site) + [
        "-c", "\(count)", "-r", "\(count)", "-l", "\(max(1, Int(min(seconds, 100))))", "-p", "5",
        "-g",
        "-o", report,
      ])
    guard status == 0 else { throw DrillError("slowhttptest: \(output.suffix(500))") }
    // Seconds, closed, pending, connected, service available
    return try String(contentsOfFile: report + ".csv", encoding: .utf8).split(separator: "\n")
      .compactMap { line in
        let columns = line.split(separator: ",")
        return columns.count > 3 ? Int(columns[3]) : nil
      }.max() ?? 0
  }
}
