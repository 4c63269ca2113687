import Destinations
import Glibc
package import Logging
import Postgres
package import Service
import Sessions
import Synchronization

/// A thread that reads the titles of pages that new links lead to, while its dispatcher is the active one.
///
/// It has a connection of its own: a page that is slow delays no announcement. What it does may be repeated,
/// so the moment in which two dispatchers believe to be active does no harm.
package final class TitleWork: Sendable {
  private static let idleMilliseconds = 1000
  private static let failureMilliseconds = 5000
  /// For connecting, and for a statement.
  private static let timeout = 4000

  /// Whether this host's dispatcher is the active one.
  private let isActive = Atomic(false)
  /// -1 while it isn't known.
  private let wantedCount = Atomic(-1)
  private let reader: TitleReader
  private let settings: Settings
  private let log: Logger

  /// - Throws: When OWN_HOSTS or ALLOWED_INNER_NETWORKS can't be read.
  package init(_ settings: Settings, log: Logger) throws(SettingError) {
    reader = try TitleReader(settings)
    self.settings = settings
    self.log = log
  }

  /// How many links wanted a title lately, 10000 for more; nil while that isn't known.
  package var wanted: Int? {
    let count = wantedCount.load(ordering: .relaxed)
    return count < 0 ? nil : count
  }

  package func setActive(_ isActive: Bool) { self.isActive.store(isActive, ordering: .relaxed) }

  /// Starts the thread, which runs until the process ends; without it no titles are read.
  package func start() {
    let status = Signals.startThread { self.run() }
    guard status != 0 else { return }
    log.error("no thread for titles", metadata: ["error": "\(String(cString: strerror(status)))"])
  }

  private func run() {
    let session = PostgresSession(
      settings, as: .dispatcher, program: "dispatcher-titles", timeoutMilliseconds: Self.timeout,
      log: log)
    let table = TitleTable(session, timeoutMilliseconds: Self.timeout)
    while !Signals.stopRequested {
      let pause = isActive.load(ordering: .relaxed) ? turn(table) : Self.idleMilliseconds
      if pause > 0 { Pause.untilStop(milliseconds: pause) }
    }
  }

  /// Reads some titles.
  ///
  /// - Returns: How long to wait for the next turn, in milliseconds.
  private func turn(_ table: TitleTable) -> Int {
    do throws(StoreError) {
      wantedCount.store(try table.count(), ordering: .relaxed)
      let wanted = try table.wanted(atMost: TitleReader.pages)
      guard !wanted.isEmpty else { return Self.idleMilliseconds }
      let titles = reader.titles(of: wanted.map(\.url))
      try table.note(Array(zip(wanted, titles)).map { (link: $0, title: $1) })
      log.info(
        "titles read",
        metadata: ["links": "\(wanted.count)", "titles": "\(titles.count { $0 != nil })"])
      return 0
    } catch {
      wantedCount.store(-1, ordering: .relaxed)
      return Self.failureMilliseconds
    }
  }
}
