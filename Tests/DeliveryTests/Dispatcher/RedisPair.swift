import Foundation
import Glibc
import TestSupport

/// A Redis, a replica of it, and an address that leads to one of them.
final class RedisPair {
  let primary: PrivateRedis
  let replica: PrivateRedis
  private let directory: ScratchDirectory
  private let port: UInt16

  /// Makes them, in step with each other.
  init() throws {
    directory = try ScratchDirectory("pair")
    port = try Self.freePort()
    let replicaPort = try Self.freePort()
    let local = ["--bind", "127.0.0.1", "--port"]
    primary = try PrivateRedis(local + ["\(port)"])
    replica = try PrivateRedis(
      local + ["\(replicaPort)", "--replicaof", "127.0.0.1 \(port)", "--repl-diskless-sync", "no"])
    self.replicaPort = replicaPort
    try point(to: primary)
    guard
      try eventually(
        seconds: 60, { try replica.command("INFO", "replication").contains("link_status:up") })
    else { throw Socket.Failure("replicate") }
  }

  private let replicaPort: UInt16

  var url: String { "unix://\(directory("s"))" }

  /// Lets the primary die and its address lead to the replica.
  func failOver() throws {
    primary.kill()
    try pointToReplica()
  }

  /// Connections that stand are still those of the primary.
  func pointToReplica() throws { try point(to: replica) }

  func pointToPrimary() throws { try point(to: primary) }

  /// Makes the former primary a replica of the former replica.
  func demotePrimary() throws {
    try primary.command("REPLICAOF", "127.0.0.1", "\(replicaPort)")
  }

  private func point(to redis: PrivateRedis) throws {
    let path = directory("s")
    unlink(path)
    guard symlink(redis.socket, path) == 0 else { throw Socket.Failure("symlink") }
  }

  private static func freePort() throws -> UInt16 { try Socket(listeningOn: 0).port() }
}
