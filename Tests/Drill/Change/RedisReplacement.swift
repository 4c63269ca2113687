import Foundation
import TestSupport

extension TwoHosts {
  /// Stops Redis, does something, and lets it come back, or a replica in its place.
  ///
  /// The observation excuses old answers from its start to a second after Redis answers again. A
  /// value from before an edit may be there until the dispatcher has found that this is another
  /// Redis.
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
    let began = PinnedConnection.now
    if let replica {
      try second.redis.take(place: replica.socket)
    } else {
      Thread.detachNewThread { try? Supervisor.start(name) }
    }
    try second.redis.open()
    observed.excuse(from: began, seconds: PinnedConnection.now + 1 - began)
  }
}
