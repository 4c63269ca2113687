import Clicks
import Files
import Glibc
import Journals
import Logging
import Metrics
import Service

/// Keeps parts of journals that are no clicks for an operator: copies, counts and logs them.
struct Quarantine {
  private let state: StateDirectory
  private let log: Logger
  private let meter: Meter
  private var trouble = Trouble()
  private var pieces = 0
  private var latest: Logger.Metadata = [:]

  init(_ state: StateDirectory, log: Logger, meter: Meter) {
    self.state = state
    self.log = log
    self.meter = meter
  }

  /// Copies bytes of a journal, unless a copy exists already.
  mutating func take(
    _ file: JournalFile, from offset: Int, count: Int, reason: String,
    buffer: UnsafeMutableBufferPointer<UInt8>
  ) throws(FileError) {
    try Directory.make(state.quarantine, mode: 0o700)
    let copy = "\(state.quarantine)/\(file.journal)-\(offset)"
    guard try file.setAside(from: offset, count: count, to: copy, buffer: buffer) else { return }
    try Directory(state.quarantine).sync()
    meter.add(.quarantinedPieces)
    meter.add(.quarantinedBytes, count)
    pieces += 1
    latest = [
      "journal": "\(file.journal)", "from": "\(offset)", "bytes": "\(count)",
      "reason": "\(reason)", "copy": "\(copy)",
    ]
  }

  /// Logs what was set aside since the last report, if it is time to.
  mutating func report(at now: Int64) {
    guard trouble.isNews(pieces, at: now) else { return }
    log.error(
      "bytes of journals are no clicks and were set aside",
      metadata: latest.merging(["pieces": "\(pieces)"]) { own, _ in own })
  }
}
