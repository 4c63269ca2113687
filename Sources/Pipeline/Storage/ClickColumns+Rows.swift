package import Clicks
import Links

/// Single rows of the columns: needed only for a refused batch.
extension ClickColumns {
  package var ends: [JournalID: Int] {
    var ends: [JournalID: Int] = [:]
    for row in 0..<count {
      let place = place(row)
      ends[place.journal] = max(ends[place.journal] ?? 0, place.end)
    }
    return ends
  }

  package func inJournalOrder() -> ClickColumns {
    rows(
      (0..<count).map { (row: $0, place: place($0)) }.sorted {
        ($0.place.journal.rawValue, $0.place.end) < ($1.place.journal.rawValue, $1.place.end)
      }.map(\.row))
  }

  package func slice(_ range: Range<Int>) -> ClickColumns { rows(Array(range)) }

  /// A dead letter for a row, with a new line.
  ///
  /// It has the table's precision: seconds, and cropped texts.
  package func deadLine(_ row: Int, reason: String) -> DeadLine {
    let (journal, end) = place(row)
    guard
      let range = JournalRange(journal: journal, from: end - Int(lineLengths[row]), to: end)
    else { preconditionFailure("a row has its place in a journal") }
    let code = text(of: code, row)
    let click = Click(
      eventID: EventID(
        high: (Self.number(eventID, at: 2 * row) as UInt64).byteSwapped,
        low: (Self.number(eventID, at: 2 * row + 1) as UInt64).byteSwapped),
      shortCode: code, linkID: linkID(row, code),
      milliseconds: Int64(Self.number(timestamp, at: row) as UInt32) * 1000,
      address: text(of: address, row), userAgent: text(of: userAgent, row),
      referrer: text(of: referrer, row), language: text(of: language, row),
      details: details(row), isRetried: retried[row] != 0)
    var line: [UInt8] = []
    click.appendLine(to: &line)
    return DeadLine(
      range: range, bytes: line.dropLast(), reason: reason, event: click.eventID)
  }

  private func details(_ row: Int) -> ClickDetails {
    let scope: UInt64 = Self.number(link, at: row)
    return ClickDetails(
      revision: Self.number(revision, at: row), rule: Self.number(rule, at: row),
      domain: Self.number(domain, at: row), flags: ClickFlags(rawValue: flags[row]),
      kind: UInt8(exactly: scope).flatMap(ClickKind.init(rawValue:)) ?? .link,
      weight: Self.number(weight, at: row))
  }

  /// The link's id; nil when the code tells it, or when nobody knew it.
  private func linkID(_ row: Int, _ code: String) -> SnowflakeID? {
    let scope = Scope(rawValue: Self.number(link, at: row))
    guard scope.isLink, scope != Scope(name: code.utf8) else { return nil }
    return SnowflakeID(rawValue: Int64(scope.rawValue))
  }

  private func text(of column: [UInt8], _ row: Int) -> String {
    let starts = Self.starts(of: column, count: count)
    let length = Self.length(column, at: starts[row])
    return String(decoding: column[..<starts[row + 1]].suffix(length), as: UTF8.self)
  }

  private func place(_ row: Int) -> (journal: JournalID, end: Int) {
    (
      JournalID(rawValue: Self.number(journal, at: row)),
      Int(Self.number(journalOffset, at: row) as UInt64)
    )
  }

  private func rows(_ order: [Int]) -> ClickColumns {
    var rows = ClickColumns()
    rows.count = order.count
    rows.link = numbers(of: link, width: 8, order)
    rows.code = texts(of: code, order)
    rows.weight = numbers(of: weight, width: 4, order)
    rows.domain = numbers(of: domain, width: 4, order)
    rows.device = numbers(of: device, width: 1, order)
    rows.system = numbers(of: system, width: 1, order)
    rows.browser = numbers(of: browser, width: 1, order)
    rows.browserMajor = numbers(of: browserMajor, width: 2, order)
    rows.bot = numbers(of: bot, width: 1, order)
    rows.language = texts(of: language, order)
    rows.trigger = numbers(of: trigger, width: 1, order)
    rows.rule = numbers(of: rule, width: 4, order)
    rows.revision = numbers(of: revision, width: 4, order)
    rows.flags = numbers(of: flags, width: 1, order)
    rows.timestamp = numbers(of: timestamp, width: 4, order)
    rows.address = texts(of: address, order)
    rows.userAgent = texts(of: userAgent, order)
    rows.referrer = texts(of: referrer, order)
    rows.referrerHost = texts(of: referrerHost, order)
    rows.eventID = numbers(of: eventID, width: 16, order)
    rows.retried = numbers(of: retried, width: 1, order)
    rows.journal = numbers(of: journal, width: 8, order)
    rows.journalOffset = numbers(of: journalOffset, width: 8, order)
    rows.lineLengths = order.map { lineLengths[$0] }
    return rows
  }

  private func texts(of column: [UInt8], _ order: [Int]) -> [UInt8] {
    let starts = Self.starts(of: column, count: count)
    return order.flatMap { column[starts[$0]..<starts[$0 + 1]] }
  }

  private func numbers(of column: [UInt8], width: Int, _ order: [Int]) -> [UInt8] {
    order.flatMap { column[$0 * width..<($0 + 1) * width] }
  }

  /// The start of each text of a column, and the column's end.
  private static func starts(of column: [UInt8], count: Int) -> [Int] {
    var starts = [0]
    starts.reserveCapacity(count + 1)
    for _ in 0..<count {
      var index = starts[starts.count - 1]
      let length = length(column, at: index)
      while column[index] >= 0x80 { index += 1 }
      starts.append(index + 1 + length)
    }
    return starts
  }

  /// The length of the text at a byte: seven bits a byte, the lowest first.
  private static func length(_ column: [UInt8], at start: Int) -> Int {
    var length = 0
    var shift = 0
    for byte in column[start...] {
      length |= Int(byte & 0x7F) << shift
      if byte < 0x80 { break }
      shift += 7
    }
    return length
  }

  private static func number<Number: FixedWidthInteger>(
    _ column: [UInt8], at row: Int
  ) -> Number {
    column.withUnsafeBytes { bytes in
      Number(
        littleEndian: bytes.loadUnaligned(
          fromByteOffset: row * MemoryLayout<Number>.size, as: Number.self))
    }
  }
}
