import ClickHouse
import Clicks
import Links
import Pipeline
import Visitors

/// What a broker may deliver: the first line is the headers, `journal from confirmed [to]`, the rest the
/// body.
///
/// Each line of an accepted message is a row of the block, a dead line or a repeat. Each row has
/// the values of its line.
func fuzzMessage(_ bytes: [UInt8]) {
  let parts = bytes.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
  let body = parts.count > 1 ? Array(parts[1]) : []
  let words = parts[0].split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
  let from = words.count > 1 ? Int64(words[1]) : nil
  guard
    let message = ClickMessage(
      journal: words.first, from: from,
      to: words.count > 3 ? Int64(words[3]) : from.map { $0 &+ Int64(body.count) },
      confirmed: words.count > 2 ? Int64(words[2]) : nil, body: body, delivery: 1)
  else { return }
  precondition(message.body.isEmpty || message.body.count == message.range.count)
  let mark = max(0, message.confirmed)
  var builder = BatchBuilder<ClickColumns>(limits: .init(rows: 1000, milliseconds: 1000))
  var dedup = DedupSet(limit: 1 << 16)
  message.body.withUnsafeBufferPointer {
    builder.take($0, range: message.range, above: mark, delivery: 1, dedup: &dedup, at: 0)
  }
  let lines = expected(message, above: mark)
  precondition(builder.dead.count == lines.dead)
  builder.resolveRetried(stored: [])
  precondition(builder.rows.count == lines.rows.count)
  precondition(builder.twiceRecorded == lines.twice)

  let block = builder.rows.clicks(batch: 0x0102_0304_0506_0708, day: 0x4E20)
  guard let columns = NativeColumns(block.bytes), columns.rows == lines.rows.count,
    columns.names == [
      "link", "timestamp", "domain", "code", "weight", "ip_address", "user_agent", "referrer",
      "referrer_host", "device", "os", "browser", "browser_major", "bot", "language", "trigger",
      "rule", "revision", "flags", "event_id", "retried", "journal", "journal_offset", "batch",
      "ingest_day", "targets",
    ]
  else { preconditionFailure("the block can't be read") }
  for (row, line) in lines.rows.enumerated() {
    let click = line.click
    let details = click.details
    let scope = Scope(link: click.linkID, name: click.shortCode.utf8)
    precondition(scope.isLink || scope.isName)
    precondition(
      columns.number("link", row)
        == (details.kind == .link ? scope.rawValue : UInt64(details.kind.rawValue)))
    precondition(columns["code", row] == Array(click.shortCode.utf8))
    precondition(columns.number("weight", row) == UInt64(details.weight))
    precondition(columns.number("domain", row) == UInt64(details.domain))
    precondition(columns.number("rule", row) == UInt64(details.rule))
    precondition(columns.number("revision", row) == UInt64(details.revision))
    precondition(columns.number("flags", row) == UInt64(details.flags.rawValue))
    precondition(columns["ip_address", row] == normalForm(of: click.address))
    precondition(
      columns["user_agent", row]
        == (details.flags.contains(.anonymous) ? [] : Array(click.userAgent.utf8)))
    precondition(columns["referrer", row] == Array(click.referrer.utf8))
    precondition(columns["referrer_host", row] == host(of: click.referrer))
    precondition(columns.number("timestamp", row) == UInt64(max(0, click.milliseconds / 1000)))
    precondition(columns["event_id", row] == EventID.bytes(click.eventID))
    precondition(columns.number("retried", row) == (click.isRetried ? 1 : 0))
    precondition(columns.number("journal", row) == message.range.journal.rawValue)
    precondition(columns.number("journal_offset", row) == UInt64(line.end))
    precondition(columns.number("batch", row) == 0x0102_0304_0506_0708)
    precondition(columns.number("ingest_day", row) == 0x4E20)
    precondition(columns.number("targets", row) == 0x10)
  }
}

private func normalForm(of address: String) -> [UInt8] {
  var address = address
  var form: [UInt8] = []
  address.withUTF8 { VisitorAddress.withNormalForm(of: $0) { form = Array($0) } }
  return form
}

private func host(of referrer: String) -> [UInt8] {
  var referrer = referrer
  var host: [UInt8] = []
  referrer.withUTF8 { ReferrerHost.withHost(of: $0) { host = Array($0) } }
  return host
}

private struct Row {
  let click: Click
  let end: Int
}

/// What must come of a message, line by line and without haste.
private func expected(
  _ message: ClickMessage, above mark: Int
) -> (rows: [Row], dead: Int, twice: Int) {
  var (rows, retried): ([Row], [Row]) = ([], [])
  var seen: Set<EventID> = []
  var (dead, twice) = (0, 0)
  var place = message.range.from
  var pieces = message.body.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
  // What follows the last line feed is a line only if there is something.
  let last = pieces.removeLast()
  for (index, line) in (pieces + (last.isEmpty ? [] : [last])).enumerated() {
    place += line.count + (index < pieces.count ? 1 : 0)
    guard place > mark else { continue }
    guard let click = line.withUnsafeBufferPointer({ try? ClickLine(parsing: $0).click }) else {
      dead += 1
      continue
    }
    if click.isRetried {
      seen.insert(click.eventID)
      retried.append(Row(click: click, end: place))
    } else if seen.contains(click.eventID) {
      twice += 1
    } else {
      rows.append(Row(click: click, end: place))
    }
  }
  var taken = Set(rows.map(\.click.eventID))
  for row in retried {
    if taken.insert(row.click.eventID).inserted { rows.append(row) } else { twice += 1 }
  }
  return (rows, dead, twice)
}

extension EventID {
  /// High digits first, as the column has them.
  fileprivate static func bytes(_ event: EventID) -> [UInt8] {
    [event.high, event.low].flatMap { half in
      (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * UInt64($0))) }
    }
  }
}

/// A block of the format Native, read by its own rules and not by our writer's.
private struct NativeColumns {
  private(set) var rows = 0
  private(set) var names: [String] = []
  private var columns: [String: [[UInt8]]] = [:]

  subscript(name: String, row: Int) -> [UInt8]? { columns[name]?[row] }

  func number(_ name: String, _ row: Int) -> UInt64? {
    self[name, row].map { $0.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
  }

  /// Nil unless the bytes are exactly one whole block.
  init?(_ bytes: [UInt8]) {
    var rest = bytes[...]
    guard let count = Self.varint(&rest), let rows = Self.varint(&rest) else { return nil }
    self.rows = rows
    for _ in 0..<count {
      guard let name = Self.string(&rest), let type = Self.string(&rest) else { return nil }
      var values: [[UInt8]] = []
      for _ in 0..<rows {
        guard let value = Self.value(String(decoding: type, as: UTF8.self), &rest) else {
          return nil
        }
        values.append(value)
      }
      names.append(String(decoding: name, as: UTF8.self))
      columns[names[names.count - 1]] = values
    }
    guard rest.isEmpty else { return nil }
  }

  private static func value(_ type: String, _ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    let widths = [
      "UInt8": 1, "UInt16": 2, "Date": 2, "UInt32": 4, "DateTime('UTC')": 4, "UInt64": 8,
      "FixedString(16)": 16,
    ]
    return type == "String" ? string(&rest) : widths[type].flatMap { take($0, &rest) }
  }

  private static func string(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    varint(&rest).flatMap { take($0, &rest) }
  }

  private static func take(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    guard rest.count >= count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) -> Int? {
    var value = 0
    var shift = 0
    while shift < 63, let byte = rest.popFirst() {
      value |= Int(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
      shift += 7
    }
    return nil
  }
}
