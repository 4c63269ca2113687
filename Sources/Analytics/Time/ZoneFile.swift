import Files

/// A time zone as the system's database has it (RFC 9636).
extension Zone {
  private static let directory = "/usr/share/zoneinfo/"
  /// The longest file of the database has 4 KiB.
  private static let sizeLimit = 64 << 10
  static let nameLimit = 64
  static let namePattern = "^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$"
  /// Copies of the database, which count seconds in other ways.
  private static let copies = ["right/", "posix/"]

  /// The zone of this name; nil when there is none.
  package init?(named name: String) {
    guard Self.isName(name) else { return nil }
    if name == Self.utc.name {
      self = .utc
      return
    }
    guard let file = try? File(Self.directory + name, for: .reading, followsLinks: true),
      let bytes = try? file.bytes(atMost: Self.sizeLimit)
    else { return nil }
    self.init(name: name, file: bytes)
  }

  /// Reads a file of the database; nil when it is none.
  init?(name: String, file bytes: [UInt8]) {
    var reader = ZoneFileReader(bytes)
    guard let spans = reader.spans() else { return nil }
    self.init(name: name, spans: spans)
  }

  private static func isName(_ name: String) -> Bool {
    (1...nameLimit).contains(name.utf8.count)
      && !copies.contains(where: name.hasPrefix)
      && name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        .allSatisfy { part in !part.isEmpty && part.allSatisfy(isOfName) }
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }
}

/// Reads the second, 64-bit part of a file, and the rule behind it.
private struct ZoneFileReader {
  private var rest: ArraySlice<UInt8>

  private struct Header {
    let version: UInt8
    let utcMarks, standardMarks, leaps, transitions, types, characters: Int

    /// The bytes that follow it.
    func length(timeSize: Int) -> Int {
      transitions * (timeSize + 1) + types * 6 + characters + leaps * (timeSize + 4)
        + standardMarks + utcMarks
    }
  }

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  mutating func spans() -> [Zone.Span]? {
    guard let first = header(), first.version >= UInt8(ascii: "2"),
      take(first.length(timeSize: 4)) != nil, let header = header(), header.leaps == 0,
      header.types > 0, let block = take(header.length(timeSize: 8))
    else { return nil }
    let types = block.startIndex + header.transitions * 9
    func offset(_ type: Int) -> Int64? {
      guard type < header.types else { return nil }
      return Int64(Int32(truncatingIfNeeded: Self.number(block, at: types + type * 6, bytes: 4)))
    }
    guard let offsetBefore = offset(0) else { return nil }
    var spans = [Zone.Span(start: .min, offset: offsetBefore)]
    for index in 0..<header.transitions {
      let start = Self.number(block, at: block.startIndex + index * 8, bytes: 8)
      guard let last = spans.last, start > last.start,
        let offset = offset(Int(block[block.startIndex + header.transitions * 8 + index]))
      else { return nil }
      spans.append(Zone.Span(start: start, offset: offset))
    }
    let footer = rest.dropFirst().prefix { $0 != 0x0A }
    let last = spans.last?.start ?? .min
    return spans + (ZoneRule(footer)?.spans(after: last) ?? [])
  }

  private mutating func header() -> Header? {
    guard let bytes = take(44), bytes.starts(with: "TZif".utf8) else { return nil }
    let counts = (0..<6).map {
      Int(Self.number(bytes, at: bytes.startIndex + 20 + $0 * 4, bytes: 4))
    }
    return Header(
      version: bytes[bytes.startIndex + 4], utcMarks: counts[0], standardMarks: counts[1],
      leaps: counts[2], transitions: counts[3], types: counts[4], characters: counts[5])
  }

  private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard rest.count >= count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  private static func number(_ bytes: ArraySlice<UInt8>, at index: Int, bytes count: Int) -> Int64 {
    bytes[index..<index + count].reduce(0) { $0 << 8 | Int64($1) }
  }
}
