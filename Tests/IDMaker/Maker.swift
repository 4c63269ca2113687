import Access
import Glibc
import Links
import Logging
import Management
import Service
import Sessions

/// Makes ids as a worker of the API does, from the same leases, and writes them down.
///
/// An id has 8 bytes, in the machine's order.
///
/// A batch is made, its latest id goes into `short_urls`, then all of it goes into the file. So a
/// used id was stored before, as with links; a thousandth of the rows is enough for that.
struct Maker {
  private let ids: IDSource
  private let links: ShortURLInsertion
  private let log: Logger
  private let descriptor: Int32
  private let batch: Int
  private let pauseMicroseconds: UInt32

  struct Failed: Error {
    let operation: String
    let code = errno
  }

  /// ID_BATCH ids at a time, then a pause of ID_PAUSE_US microseconds.
  init(_ settings: Settings, log: Logger) throws {
    let postgres = PostgresSession(settings, as: .owner, program: "idmaker", log: log)
    ids = IDSource(
      redis: try RedisSession(settings, log: log), postgres: postgres, settings, log: log)
    links = ShortURLInsertion(postgres, settings)
    self.log = log
    batch = Self.number("ID_BATCH") ?? 1000
    pauseMicroseconds = UInt32(Self.number("ID_PAUSE_US") ?? 0)
    guard let path = getenv("ID_FILE") else { throw Failed(operation: "ID_FILE") }
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    guard descriptor >= 0 else { throw Failed(operation: "open") }
  }

  func run() throws {
    var nextTick: Int64 = 0
    var made: [Int64] = []
    var clocks = IDSource.now()
    while !Signals.stopRequested {
      let now = IDSource.now()
      let step = (now.wall - now.boot) - (clocks.wall - clocks.boot)
      if abs(step) > 1000 {
        log.notice("the clock stepped", metadata: ["milliseconds": "\(step)"])
      }
      clocks = now
      if now.boot >= nextTick {
        ids.tick()
        nextTick = now.boot + 1000
      }
      made.removeAll(keepingCapacity: true)
      while made.count < batch, let id = try? ids.next() { made.append(id.rawValue) }
      if let last = made.last, isStored(SnowflakeID(rawValue: last)) { try write(made) }
      // For a while no store may give a number; and the pace is not to be the machine's.
      usleep(made.isEmpty ? 10_000 : pauseMicroseconds)
    }
    ids.release()
  }

  private func isStored(_ id: SnowflakeID) -> Bool {
    let link = Link(id: id, destination: DestinationURL(unchecked: "https://example.com/"))
    guard let insertion = try? links.insert(link, for: .operator) else { return false }
    if case .collision = insertion {
      log.critical("PostgreSQL has this id", metadata: ["id": "\(id.rawValue)"])
    }
    // A collision is written down all the same: the check must find it.
    return true
  }

  private func write(_ made: [Int64]) throws {
    try made.withUnsafeBytes { bytes in
      guard Glibc.write(descriptor, bytes.baseAddress, bytes.count) == bytes.count else {
        throw Failed(operation: "write")
      }
    }
  }

  private static func number(_ name: String) -> Int? {
    getenv(name).flatMap { Int(String(cString: $0)) }
  }
}
