import Foundation
import Glibc
import TestSupport

/// One who listens to a channel of a Redis: `redis-cli`.
final class Subscriber {
  private let process: ChildProcess
  private let directory: ScratchDirectory

  init(_ redis: PrivateRedis, _ channel: String) throws {
    directory = try ScratchDirectory("subscriber")
    process = try ChildProcess(
      "/usr/bin/redis-cli", ["-s", redis.socket, "SUBSCRIBE", channel], output: directory("heard"))
    guard eventually(seconds: 60, { text.contains("subscribe") }) else {
      throw Socket.Failure("subscribe")
    }
  }

  private var text: String {
    (try? String(contentsOfFile: directory("heard"), encoding: .utf8)) ?? ""
  }

  /// All lines that were heard.
  var names: Set<String> {
    Set(text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: ["\""]) })
  }
}
