import Foundation
import TestSupport

/// A second nginx with the fast path on, in front of the pools of the stack under test.
///
/// It has its own Redis, directory of journals and STATE_DIR. So only the test decides which links
/// exist and which have changed. It remembers a link for a minute.
final class FastSite {
  let redis: PrivateRedis
  let state: ScratchDirectory
  let http: HTTPClient
  let nginx: OwnNginx
  private let journals: ScratchDirectory

  init(
    workers: Int = 1, user: (name: String, group: String)? = nil,
    edit: (String) -> String = { $0 }
  ) throws {
    redis = try PrivateRedis(["--unixsocketperm", "777"])
    chmod(redis.directory, 0o711)
    state = try ScratchDirectory("state")
    journals = try ScratchDirectory("journals")
    let port = try Socket.freePort()
    nginx = try OwnNginx(
      at: "127.0.0.1:\(port)",
      [
        "FAST_PATH": "1", "SWIFTLET_RUN": try TestStack.value("SWIFTLET_RUN"),
        "REDIS_URL": redis.url, "REDIS_TIMEOUT_MS": "5000", "HOT_CACHE_MS": "60000",
        "STATE_DIR": state.path, "JOURNAL_DIR": journals.path,
        "LIMIT_CONNECTIONS": "0", "LIMIT_UNKNOWN": "0",
      ], workers: workers, user: user, edit: edit)
    http = HTTPClient(port: port)
  }

  /// Lets its Redis have a value under a link's name; nobody is told.
  func plant(_ code: String, _ value: String) throws {
    try redis.command("SET", "short_url:\(code)", value)
  }

  /// Where a link leads; nil when the pool answers, which knows none of these links.
  func location(
    _ code: String, _ method: String = "HEAD", _ fields: [(String, String)] = []
  ) throws -> String? {
    try http.request(method, "/\(code)", fields)["location"]
  }

  /// The sockets that were asked for an answer, by the request log.
  func upstream(of answer: HTTPClient.Answer) throws -> String {
    let id = answer["x-request-id"] ?? "no id"
    var line: Substring?
    _ = try eventually(seconds: 20) {
      line = try nginx.log("access.log").split(separator: "\n").first { $0.contains(id) }
      return line != nil
    }
    return line?.firstMatch(of: /"upstream":"([^"]*)"/).map { String($0.1) } ?? "not logged"
  }

  /// How often Redis was asked.
  func gets() throws -> Int {
    let text = try redis.command("INFO", "commandstats")
    return text.firstMatch(of: /cmdstat_get:calls=(\d+)/).flatMap { Int($0.1) } ?? 0
  }

  /// The lines of all its journals.
  func journalLines() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: journals.path).flatMap { name in
      try String(contentsOfFile: journals(name), encoding: .utf8).split(separator: "\n")
        .map(String.init)
    }
  }
}
