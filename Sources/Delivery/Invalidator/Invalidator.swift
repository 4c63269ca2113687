import Files
package import Logging
import Lookup
package import Metrics
import Redis
package import Service
import Sessions

/// Marks remembered links of this host as old, as soon as their change is announced.
///
/// It subscribes to the channel of changes. For each named link it changes the generation, in the
/// page that all readers of the host have open. Its beat tells them up to when it has received
/// everything. It beats only after a PONG on the connection that receives the changes (`Pulse`). So
/// every reader notices a frozen, deaf or dead invalidator. From then on a reader trusts what it
/// remembers for half a second only.
package final class Invalidator {
  /// The time limit of connecting, and of the subscription's confirmation.
  private static let timeout = 2000
  /// Twice the size of 512 names of the longest kind: no announcement is longer.
  private static let payloadLimit = 512 << 10
  /// An outage is over once a connection has lasted for so long.
  private static let settledMilliseconds: Int64 = 5000
  private static let lookMilliseconds: Int64 = 1000

  private let address: Redis.Address
  private let channel: String
  private let state: StateDirectory
  private let log: Logger
  private let meter: Meter
  private var backoff = Backoff(first: 50, most: 1000)
  private var isTroubled = false
  private var pageTrouble = Trouble()
  private var connections = 0
  private var lookAt = Int64.min

  /// - Throws: When REDIS_URL can't be read.
  package init(_ settings: Settings, log: Logger, meter: Meter) throws(SettingError) {
    address = try Redis.Address(settings)
    channel = Announcement.channel(address.database)
    state = StateDirectory(settings)
    self.log = log
    self.meter = meter
  }

  /// Works until it is asked to stop.
  package func run() throws {
    try state.make()
    let remark: Logger.Message = "another invalidator works on this host; waiting for its end"
    guard let lock = try FileLock.wait(for: state.invalidatorLock, log: log, saying: remark) else {
      return
    }
    let generations = try GenerationWriter(state)
    meter.set(.isConnected, 0)
    log.info("ready")
    while !Signals.stopRequested {
      do throws(RedisError) {
        try listen(generations)
      } catch {
        lost(error)
        Pause.untilStop(milliseconds: backoff.next())
      }
    }
    log.info("stopped")
    withExtendedLifetime(lock) {}
  }

  /// Listens to the channel on one connection, until it is lost or the process is asked to stop.
  private func listen(_ generations: GenerationWriter) throws(RedisError) {
    let subscription = try Subscription(
      address, channel: channel, timeoutMilliseconds: Self.timeout,
      payloadLimit: Self.payloadLimit)
    // Announcements may have been missed before.
    look(at: generations, now: .now())
    invalidateAll(generations)
    connected()
    let settlesAt = SystemClock.bootMilliseconds() + Self.settledMilliseconds
    var pulse = Pulse()
    while !Signals.stopRequested {
      let now = Pulse.Moment.now()
      if now.boot >= lookAt { look(at: generations, now: now) }
      if now.boot >= settlesAt { settled() }
      switch pulse.step(at: now) {
      case .ping:
        pulse.ping(at: now)
        try subscription.ping()
      case .listen(let milliseconds):
        switch try subscription.next(waiting: milliseconds) {
        case .message(let payload): hear(payload, generations)
        case .pong: beat(pulse.pong(), generations)
        case nil: break
        }
      case .giveUp:
        throw RedisError(.timedOut, "no sign of life on the channel", during: "listen")
      }
    }
  }

  /// Handles an announcement, or anything else that was published.
  ///
  /// An unknown name costs a look-up of the links that share its counter.
  private func hear(_ payload: [UInt8], _ generations: GenerationWriter) {
    let names = payload.split(separator: UInt8(ascii: "\n"))
    generations.bump(names)
    meter.add(.announcementsHeard)
    meter.add(.namesHeard, names.count)
  }

  private func beat(_ moment: Pulse.Moment?, _ generations: GenerationWriter) {
    guard let moment else { return }
    generations.beat(boot: moment.boot, monotonic: moment.monotonic)
  }

  private func invalidateAll(_ generations: GenerationWriter) {
    generations.bumpAll()
    meter.add(.fullInvalidations)
  }

  /// Ensures that readers find the page that is written to.
  private func look(at generations: GenerationWriter, now: Pulse.Moment) {
    lookAt = now.boot + Self.lookMilliseconds
    do throws(FileError) {
      if try !generations.stillInPlace() {
        log.warning("the page of generations was replaced or removed; readers take another one")
        meter.add(.fullInvalidations)
      }
      _ = pageTrouble.isNews(0, at: now.boot)
    } catch {
      guard pageTrouble.isNews(1, at: now.boot) else { return }
      log.error("no page of generations can be made", metadata: ["error": "\(error)"])
    }
  }

  private func connected() {
    connections += 1
    meter.set(.isConnected, 1)
    if connections > 1 { meter.add(.reconnections) } else { log.info("hears changes of links") }
  }

  /// Ends an outage; an outage that returns at once is the same one, and is logged once.
  private func settled() {
    backoff.reset()
    if isTroubled { log.notice("hears changes of links again") }
    isTroubled = false
  }

  private func lost(_ error: RedisError) {
    meter.set(.isConnected, 0)
    guard !isTroubled else { return }
    isTroubled = true
    log.warning(
      "hears no changes of links; what is remembered is good for half a second meanwhile",
      metadata: ["error": "\(error.debugDescription)"])
  }
}
