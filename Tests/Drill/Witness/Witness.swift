import Foundation
import TestSupport

/// Reads in the stack's own logs whether that has happened which a drill means to provoke.
struct Witness {
  enum Sign: String, CaseIterable {
    /// The broker delivered a message again.
    case redelivery
    /// The relay published again what the consumer had taken.
    case resend
    /// The outcome of an insert had to be asked for.
    case settle
    /// A consumer stood by since another one was active, or took over.
    case standby, takeover
    /// A journal's last line was torn, or one was too long, and was set aside.
    case torn
    /// Journals can't be read.
    case unreadable
    /// A line that is no click went to the dead letters.
    case dead
    /// nginx asked the backup pool.
    case second
    /// A request was recorded by both pools and counted once.
    case twice
    /// A worker dropped clicks, and counted them.
    case drop
    /// The broker asked the relay for a pause.
    case blocked
    /// The relay lost its connection to the broker.
    case relayCut
    /// A batch had to wait for ClickHouse.
    case held
    /// An id was made that PostgreSQL had.
    case collision
    /// A worker got its number from PostgreSQL.
    case postgresLease
    /// PostgreSQL failed a worker of the pool, or Redis did.
    case postgresFailed, redisFailed
    /// A redirect worker handed a request on, and a look-up worker was asked.
    case handedOn
    /// A redirect worker was asked again, since no look-up worker could tell.
    case lastResort
    /// nginx ended a request that took too long to arrive.
    case cutOff
    /// nginx refused a client that asked for too much.
    case refused

    fileprivate var file: String {
      switch self {
      case .redelivery, .resend, .settle, .standby, .takeover, .dead, .twice: "consumer"
      case .torn, .unreadable, .blocked, .relayCut: "relay"
      case .held: "consumer"
      case .drop, .collision, .postgresLease, .postgresFailed, .redisFailed: "shortener"
      case .second, .cutOff, .refused, .handedOn, .lastResort: "access"
      }
    }

    fileprivate var words: [String] {
      switch self {
      case .redelivery: ["delivered again"]
      case .resend: ["published again"]
      case .settle: ["outcome is unknown", "amid an insert"]
      case .standby: ["standing by: another consumer is active"]
      case .takeover: ["active: the broker delivers"]
      case .torn: ["is torn", "is too long"]
      case .unreadable: ["journals can't be read"]
      case .dead: ["go to the dead letters"]
      case .second: ["shortener-spare.sock"]
      case .twice: ["recorded by both pools"]
      case .drop: ["clicks are dropped"]
      case .blocked: ["asks for a pause"]
      case .relayCut: ["lost the broker; journals are kept"]
      case .held: ["can't store a batch", "outcome is unknown"]
      case .collision: ["an id was taken already"]
      case .postgresLease: [#""worker id taken","store":"postgres""#]
      case .postgresFailed: ["PostgreSQL fails"]
      case .redisFailed: ["Redis fails"]
      case .handedOn: [#""upstream_status":"530 : "#]
      case .lastResort: [#""upstream_status":"530 : 503 : 301"#]
      case .cutOff: [#""status":408"#]
      case .refused: [#""status":429"#]
      }
    }
  }

  private let directory: String
  private var offsets: [String: Int] = [:]

  /// Begins to look: what was logged before doesn't count.
  init() throws {
    directory = try TestStack.value("SWIFTLET_LOG")
    for name in files() { offsets[name] = read(name).count }
  }

  /// How many lines since then tell of each.
  func signs() -> [Sign: Int] {
    var counts: [Sign: Int] = [:]
    for sign in Sign.allCases { counts[sign] = count(of: sign) }
    return counts
  }

  /// How many lines since then tell of one: that is asked again and again, so other logs aren't read.
  func count(of sign: Sign) -> Int {
    // By bytes: Foundation's search of a String takes minutes for a log of nginx's.
    let words = sign.words.map { Data($0.utf8) }
    return files().filter { $0.hasPrefix(sign.file) }.reduce(0) { count, name in
      let lines = read(name).dropFirst(offsets[name] ?? 0).split(separator: 0x0A)
      return count + lines.count { line in words.contains { line.range(of: $0) != nil } }
    }
  }

  private func files() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.filter { $0.hasSuffix(".log") }
  }

  private func read(_ name: String) -> Data {
    (try? Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(name)"))) ?? Data()
  }
}
