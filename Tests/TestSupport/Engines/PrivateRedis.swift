import Foundation
import Glibc

/// A Redis server of a test's own, on a Unix socket, so that it can be frozen, killed and flushed.
package final class PrivateRedis {
  package let socket: String
  private let scratch: ScratchDirectory
  private let arguments: [String]
  private var process: ChildProcess?

  /// Starts `redis-server` with no more than the test asks for, such as `["--requirepass", "x"]`.
  package init(_ arguments: [String] = []) throws {
    scratch = try ScratchDirectory("redis")
    socket = scratch("s")
    self.arguments =
      ["--port", "0", "--unixsocket", socket, "--dir", scratch.path, "--save", ""] + arguments
    try start()
  }

  deinit { kill() }

  /// Where it keeps its data: `dump.rdb`, once it was told to SAVE.
  package var directory: String { scratch.path }

  /// The value of REDIS_URL for it.
  package var url: String { "unix://\(socket)" }

  package func start() throws {
    process = try ChildProcess("/usr/bin/redis-server", arguments, output: scratch("log"))
    guard eventually(seconds: 10, { (try? Socket(path: socket)) != nil }) else {
      throw Socket.Failure("start redis-server")
    }
  }

  /// Makes it one that gives worker ids at once, as if its grace period were over.
  package func endGracePeriod() throws {
    let script = """
      local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
      redis.call('HSET', 'worker_id:last', 'run', run, 'base', -1)
      return redis.call('DEL', 'worker_id:settling')
      """
    try command("EVAL", script, "0")
  }

  /// Runs one command, which must succeed.
  ///
  /// - Returns: The answer as redis-cli writes it.
  @discardableResult
  package func command(_ words: String...) throws -> String { try command(words) }

  @discardableResult
  package func command(_ words: [String]) throws -> String {
    try Command.check("/usr/bin/redis-cli", ["-e", "-s", socket] + words)
  }

  /// Lets it hang with its connections open (SIGSTOP).
  ///
  /// It continues after half a minute. So a client that ignores its time-out gets an unexpected
  /// answer, and doesn't block the tests.
  package func freeze() {
    guard let pid = process?.pid else { return }
    Glibc.kill(pid, SIGSTOP)
    Thread.detachNewThread {
      usleep(30_000_000)
      Glibc.kill(pid, SIGCONT)
    }
  }

  package func thaw() { process?.signal(SIGCONT) }

  package func kill() {
    process?.signal(SIGKILL)
    _ = process?.wait(seconds: 5)
    process = nil
    unlink(socket)
  }
}
