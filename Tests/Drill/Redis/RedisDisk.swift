import Foundation
import TestSupport

/// Redis on a small disk, with workers whose numbers are soon to be renewed.
enum RedisDisk {
  static let leaseSeconds = 4

  @Sendable static func take() throws {
    try EngineDisk.redis.mount()
    try Programs.give(["WORKER_ID_LEASE_TTL": "\(leaseSeconds)"], to: [.api])
  }

  @Sendable static func giveBack() throws {
    try EngineDisk.redis.unmount()
    try Programs.withdraw([.api])
  }

  /// What Redis answers to a write.
  static func set() throws -> String {
    let socket = try TestStack.value("SWIFTLET_RUN") + "/redis.sock"
    return try Command.output(
      "/usr/bin/redis-cli", ["-s", socket, "SET", "drill", "1", "EX", "60"]
    )
    .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
