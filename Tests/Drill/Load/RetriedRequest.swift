import Foundation
import TestSupport

/// A redirect requested directly from the pools, as nginx does it for a retry.
///
/// nginx asks the backup pool when the first one has failed to answer. So the click is recorded
/// once or twice, each time under the same id.
struct RetriedRequest: Sendable {
  enum Outcome {
    case redirected(id: String, location: String)
    case failed(String)
  }

  private let first: String
  private let lookup: String
  private let spare: String

  init() throws {
    let run = try TestStack.value("SWIFTLET_RUN")
    first = run + "/shortener.sock"
    lookup = run + "/shortener-lookup.sock"
    spare = run + "/shortener-spare.sock"
  }

  /// Asks.
  ///
  /// - Parameters:
  ///   - click: What is sent.
  ///   - isFirstAsked: Whether the first pool has recorded the click, too, before nginx gave it up.
  ///   - isLimited: Whether only look-up and retry workers can answer it.
  /// - Returns: What nginx would have answered.
  func follow(_ click: Oracle.Expected, isFirstAsked: Bool, isLimited: Bool = false) -> Outcome {
    let id = UUID().uuidString.filter { $0 != "-" }.lowercased()
    var parameters = [
      ("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/\(click.code)"), ("REMOTE_ADDR", click.address),
      ("HTTP_USER_AGENT", click.userAgent), ("REQUEST_ID", id),
    ]
    if !click.referrer.isEmpty { parameters.append(("HTTP_REFERER", click.referrer)) }
    let early = isFirstAsked ? try? ask(isLimited ? lookup : first, parameters) : nil
    guard let answer = (try? ask(spare, parameters)) ?? early else { return .failed("no answer") }
    let head = answer.components(separatedBy: "\r\n\r\n")[0].components(separatedBy: "\r\n")
    func field(_ name: String) -> String? {
      head.first { $0.lowercased().hasPrefix(name + ":") }
        .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
    }
    guard let status = field("status"), status.hasPrefix("301"), let location = field("location")
    else { return .failed(String((field("status") ?? "no status").prefix(3))) }
    return .redirected(id: id, location: location)
  }

  private func ask(_ path: String, _ parameters: [(String, String)]) throws -> String {
    let socket = try Socket(path: path)
    socket.setTimeout(seconds: 1)
    return try FastCGIClient.request(on: socket, parameters: parameters, isLast: true)
  }
}
