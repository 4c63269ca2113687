import Foundation
import TestSupport

/// What an operator sees: `/metrics`, `/health` and `swiftlet doctor`.
enum Signals {
  /// The sum of a family's samples; nil without any.
  static func metric(_ name: String, _ label: String = "") throws -> Double? {
    let values = try HTTPClient.site().get("/metrics").text.split(separator: "\n")
      .filter { $0.hasPrefix(name + "{") || $0.hasPrefix(name + " ") }
      .filter { label.isEmpty || $0.contains(label) }
      .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
    return values.isEmpty ? nil : values.reduce(0, +)
  }

  static func health() throws -> JSONAnswer { try HTTPClient.site().get("/health").json }

  /// Whether `/health` takes one of its dependencies for down.
  static func isDown(_ dependency: String) throws -> Bool {
    let health = try health()
    return try health["status"].text == "degraded"
      && health["dependencies"][dependency]["state"].text == "down"
  }

  /// The text of `swiftlet doctor`.
  static func doctor() throws -> String {
    try Command.output(TestStack.value("SWIFTLET_BIN") + "/swiftlet", ["doctor"])
  }

  /// Waits until something shows; if it doesn't, the drill has failed.
  static func await(
    _ what: String, within seconds: Double, _ scene: inout Scene, _ shows: () throws -> Bool
  ) {
    let began = Date()
    let end = began.addingTimeInterval(seconds)
    while Date() < end {
      if (try? shows()) ?? false {
        scene.notes.append("\(what) after \(Int(Date().timeIntervalSince(began))) s")
        return
      }
      scene.pause(0.5)
    }
    scene.complaints.append("within \(Int(seconds)) s not seen: \(what)")
  }
}
