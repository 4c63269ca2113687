package import ClickHouse
package import Clicks
import Links
import Visitors

/// Clicks as columns in the server's format, before they are inserted.
///
/// A line is parsed directly into the columns, without a value for the click.
package struct ClickColumns: ClickRows {
  package internal(set) var count = 0
  var link: [UInt8] = []
  var code: [UInt8] = []
  var weight: [UInt8] = []
  var timestamp: [UInt8] = []
  var address: [UInt8] = []
  var userAgent: [UInt8] = []
  var referrer: [UInt8] = []
  var referrerHost: [UInt8] = []
  var eventID: [UInt8] = []
  var retried: [UInt8] = []
  var journal: [UInt8] = []
  var journalOffset: [UInt8] = []
  /// The bytes of each line, for its dead letter; no column of the table.
  var lineLengths: [UInt32] = []

  package init() {}

  package var byteCount: Int {
    code.count + address.count + userAgent.count + referrer.count + referrerHost.count + count * 53
  }

  package mutating func append(_ click: ClickLine, at place: JournalRange) {
    click.shortCode.withText(limit: Click.maximumShortCodeBytes) {
      append(name: $0, of: click.linkID)
    }
    click.address.withText(limit: Click.maximumAddressBytes) { append(address: $0) }
    click.userAgent.withText(limit: Click.maximumUserAgentBytes) { userAgent.append(string: $0) }
    click.referrer.withText(limit: Click.maximumReferrerBytes) { append(referrer: $0) }
    appendRest(click.eventID, click.milliseconds, isRetried: click.isRetried, at: place)
  }

  package mutating func append(_ click: Click, at place: JournalRange) {
    Self.lend(click.shortCode) { append(name: $0, of: click.linkID) }
    Self.lend(click.address) { append(address: $0) }
    Self.lend(click.userAgent) { userAgent.append(string: $0) }
    Self.lend(click.referrer) { append(referrer: $0) }
    appendRest(click.eventID, click.milliseconds, isRetried: click.isRetried, at: place)
  }

  package func events(among candidates: Set<EventID>) -> Set<EventID> {
    guard !candidates.isEmpty else { return [] }
    var found: Set<EventID> = []
    eventID.withUnsafeBytes { bytes in
      for row in 0..<count {
        let event = EventID(
          high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16 * row, as: UInt64.self)),
          low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16 * row + 8, as: UInt64.self))
        )
        if candidates.contains(event) { found.insert(event) }
      }
    }
    return found
  }

  /// The block for the table of clicks.
  ///
  /// - Parameters:
  ///   - batch: Its number.
  ///   - day: The partition, in days since 1970.
  /// - Returns: All rows, with the filled columns.
  package func clicks(batch: UInt64, day: UInt16) -> NativeBlock {
    var block = NativeBlock(columns: 15, rows: count, capacity: byteCount + count * 14 + 1024)
    block.add(.link, link)
    block.add(.timestamp, timestamp)
    block.add(.code, code)
    block.add(.weight, weight)
    block.add(.address, address)
    block.add(.userAgent, userAgent)
    block.add(.referrer, referrer)
    block.add(.referrerHost, referrerHost)
    block.add(.eventID, eventID)
    block.add(.retried, retried)
    block.add(.journal, journal)
    block.add(.journalOffset, journalOffset)
    block.add(.batch, repeating: batch, rows: count)
    block.add(.ingestDay, repeating: day, rows: count)
    block.add(.targets, repeating: GateView.visits.bit, rows: count)
    return block
  }

  /// The block for the counts.
  ///
  /// It has their columns, and for each journal one row without a click with the journal's new
  /// mark.
  package func counts(batch: UInt64, ends: [JournalID: Int], targets: CountTargets) -> NativeBlock {
    let marks = ends.sorted { $0.key.rawValue < $1.key.rawValue }
    let rows = count + marks.count
    let zeros = { [UInt8](repeating: 0, count: $0 * marks.count) }
    var journals: [UInt8] = []
    var offsets: [UInt8] = []
    for mark in marks {
      journals.append(fixed: mark.key.rawValue)
      offsets.append(fixed: UInt64(mark.value))
    }
    var block = NativeBlock(
      columns: 9, rows: rows,
      capacity: address.count + referrerHost.count + rows * 46 + 1024)
    block.add(.link, link, zeros(8))
    block.add(.timestamp, timestamp, zeros(4))
    block.add(.weight, weight, zeros(4))
    block.add(.address, address, zeros(1))
    block.add(.referrerHost, referrerHost, zeros(1))
    block.add(.journal, journal, journals)
    block.add(.journalOffset, journalOffset, offsets)
    block.add(.batch, repeating: batch, rows: rows)
    block.add(.targets, repeating: targets.rawValue, rows: rows)
    return block
  }

  /// The name, and the scope that it counts for.
  private mutating func append(name: UnsafeBufferPointer<UInt8>, of id: SnowflakeID?) {
    code.append(string: name)
    link.append(fixed: Scope(link: id, name: name).rawValue)
  }

  private mutating func append(referrer text: UnsafeBufferPointer<UInt8>) {
    referrer.append(string: text)
    ReferrerHost.withHost(of: text) { referrerHost.append(string: $0) }
  }

  private mutating func append(address text: UnsafeBufferPointer<UInt8>) {
    VisitorAddress.withNormalForm(of: text) { address.append(string: $0) }
  }

  private mutating func appendRest(
    _ event: EventID, _ milliseconds: Int64, isRetried: Bool, at place: JournalRange
  ) {
    eventID.append(fixed: event.high.byteSwapped)
    eventID.append(fixed: event.low.byteSwapped)
    timestamp.append(fixed: UInt32(clamping: milliseconds / 1000))
    weight.append(fixed: 1 as UInt32)
    retried.append(isRetried ? 1 : 0)
    journal.append(fixed: place.journal.rawValue)
    journalOffset.append(fixed: UInt64(place.to))
    lineLengths.append(UInt32(clamping: place.count))
    count += 1
  }

  private static func lend(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    var text = text
    text.withUTF8(body)
  }
}
