import Foundation
import TestSupport

extension TwoHosts {
  /// Stops Redis, does something, and lets it come back, or a replica in its place.
  ///
  /// From the moment at which it answers again the observation excuses a second: a value from before
  /// an edit may be there until the dispatcher has found that this is another Redis.
  func replaceRedis(
    _ observed: inout Observation, by replica: PrivateRedis? = nil,
    _ body: (inout Observation) throws -> Void
  ) throws {
    let name = "engines:redis"
    if try !Component.redis.pids.isEmpty { try Supervisor.stop(name) }
    do {
      try body(&observed)
    } catch {
      try Supervisor.start(name)
      throw error
    }
    if let replica {
      try second.redis.take(place: replica.socket)
    } else {
      Thread.detachNewThread { try? Supervisor.start(name) }
    }
    try second.redis.open()
    observed.excuse(from: PinnedConnection.now - 0.2, seconds: 1.2)
  }
}
