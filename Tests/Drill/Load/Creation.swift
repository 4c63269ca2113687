import Foundation
import TestSupport

/// Making links while PostgreSQL has trouble: done, or refused with a time to come again.
enum Creation {
  /// Tries to make a link.
  ///
  /// - Parameters:
  ///   - scene: Told of an answer that is neither.
  ///   - bytes: How long its URL is, about.
  /// - Returns: Whether the link was made.
  /// - Throws: When there was no answer.
  @discardableResult
  static func attempt(_ scene: inout Scene, bytes: Int = 0) throws -> Bool {
    let url = "https://example.com/" + String(repeating: "x", count: bytes)
    let answer = try HTTPClient.site().post("/shorten", json: #"{"original_url":"\#(url)"}"#)
    switch answer.status {
    case 201: return true
    case 503 where answer["retry-after"].flatMap { Int($0) } != nil: return false
    default:
      scene.complaints.append("creation was answered \(answer.status): \(answer.text.prefix(200))")
      return false
    }
  }

  /// Tries until a link is made; false when none was within some seconds.
  static func succeeds(_ scene: inout Scene, within seconds: Double) throws -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while try !attempt(&scene) {
      guard Date() < end else { return false }
      scene.pause(0.5)
    }
    return true
  }
}
