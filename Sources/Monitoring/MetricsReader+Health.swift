import Glibc
package import Journals
package import Metrics
import Service
package import Sessions

// What a health check is decided by. Each figure is there already, so no check waits.
extension MetricsReader {
  /// The room that the journals' disk should have left, in bytes.
  private static let room: UInt = 64 << 20
  /// A worker ticks once a second; one that hasn't for so long is frozen or has exited.
  private static let tickBoundMilliseconds: Int64 = 5000

  /// Whether clicks can be written, with some room to spare.
  package func checkJournals() throws(StoreError) {
    let operation = "look at the journals' directory"
    guard access(directory.path, W_OK | X_OK) == 0 else {
      throw StoreError(.journal, .unavailable, during: operation, String(cString: strerror(errno)))
    }
    var space = statvfs()
    guard statvfs(directory.path, &space) == 0,
      UInt(space.f_bavail) * UInt(space.f_frsize) > Self.room
    else {
      throw StoreError(.journal, .unavailable, during: operation, "less than 64 MiB are free")
    }
    guard !read(Totals()).areJournalsNearlyFull else {
      throw StoreError(.journal, .unavailable, during: operation, "JOURNAL_MAX_BYTES is near")
    }
  }

  /// Whether clicks get to the broker.
  ///
  /// It fails once a click has waited longer than with any healthy relay, long before the journals
  /// are full.
  package func checkRelay() throws(StoreError) {
    let snapshot = read(Totals())
    guard snapshot.isRelayBehind else { return }
    throw StoreError(
      .journal, .unavailable, during: "look at the relay's progress",
      "the oldest click has waited for \((snapshot.lagMilliseconds ?? 0) / 1000) s")
  }

  /// Whether clicks get from the broker into ClickHouse.
  ///
  /// It fails once a click has waited longer than with any healthy consumer, or once messages have
  /// had no consumer for as long.
  package func checkConsumer() throws(StoreError) {
    let snapshot = read(MetricsDirectory(state).totals())
    guard snapshot.isConsumerBehind else { return }
    let lag = max(snapshot.storingLagMilliseconds ?? 0, snapshot.unconsumedMilliseconds ?? 0)
    throw StoreError(
      .clickHouse, .unavailable, during: "look at the consumer's progress",
      "clicks have waited for \(lag / 1000) s")
  }

  /// Whether this host hears changes of links.
  ///
  /// While it doesn't, workers ask Redis twice a second for each link.
  package func checkInvalidator() throws(StoreError) {
    let operation = "look at the invalidator's beat"
    guard let age = beatAge() else {
      throw StoreError(.worker, .unavailable, during: operation, "there is none")
    }
    guard !MetricsSnapshot.isDeaf(beatAge: age) else {
      throw StoreError(.worker, .timeout, during: operation, "it is \(age / 1000) s old")
    }
  }

  /// Whether changes of links are announced, as far as this host's dispatcher knows.
  package func checkDispatcher() throws(StoreError) {
    try checkWorkers(.dispatcher)
    let state = DispatchState(MetricsDirectory(self.state).totals(), at: SystemClock.milliseconds())
    guard let fault = state.fault else { return }
    throw StoreError(.worker, .unavailable, during: "look at the dispatcher's progress", fault)
  }

  /// Whether a worker of this kind serves on this host, or could if it were asked.
  package func checkWorkers(_ role: Role) throws(StoreError) {
    let operation = "look for a worker"
    guard let tick = MetricsDirectory(state).totals().lastTick(role) else {
      throw StoreError(.worker, .unavailable, during: operation, "no \(role.rawValue) lives")
    }
    guard SystemClock.bootMilliseconds() < tick + Self.tickBoundMilliseconds else {
      throw StoreError(.worker, .timeout, during: operation, "no \(role.rawValue) moves")
    }
  }
}
