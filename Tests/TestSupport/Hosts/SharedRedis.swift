import Foundation

/// The stack's Redis, which also listens on 127.0.0.1 and another address, as for other hosts.
///
/// It is told while it runs: after a restart of Redis `open` must tell it again.
package struct SharedRedis: Sendable {
  package let address: String
  package let port: UInt16
  /// The Unix socket, at whose path another server may stand by now.
  private let socket: String

  /// Opens it.
  package init(address: String) throws {
    self.address = address
    port = try Socket.freePort()
    socket = try TestStack.value("SWIFTLET_RUN") + "/redis.sock"
    try open()
  }

  /// The value of REDIS_URL.
  package var url: String { "redis://\(address):\(port)/0" }

  /// Lets the server that stands at the socket listen; waits until it serves.
  package func open() throws {
    let answers = eventually(seconds: 30) { (try? command("PING")) == "PONG" }
    guard answers else { throw Socket.Failure("ask Redis at \(socket)") }
    // The network is this machine's alone.
    try command("CONFIG", "SET", "protected-mode", "no")
    try command("CONFIG", "SET", "bind", "\(address) 127.0.0.1")
    try command("CONFIG", "SET", "port", "\(port)")
  }

  /// Where it keeps its data.
  package func directory() throws -> String {
    let words = try command("CONFIG", "GET", "dir").split(separator: "\n")
    guard let path = words.last else { throw Socket.Failure("ask Redis for its directory") }
    return String(path)
  }

  /// Puts a server's socket in the place where the programs look for Redis.
  package func take(place other: String) throws {
    guard rename(other, socket) == 0 else { throw Socket.Failure("rename \(other)") }
  }

  /// Runs one command, which must succeed.
  ///
  /// - Returns: The answer as redis-cli writes it.
  @discardableResult
  package func command(_ words: String...) throws -> String {
    try Command.check("/usr/bin/redis-cli", ["-e", "-s", socket] + words)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
