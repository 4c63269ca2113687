import AMQP
import ClickHouse
import Clicks
import HTTPTypes
import Journals
import Ledger
import Links
import Redis
import Text
import Web

/// A line of nginx's log that is taken is one of a redirect, at a time that can be written: from 1970 on.
func fuzzLog(_ bytes: [UInt8]) {
  guard let line = RequestLogLine(bytes) else { return }
  guard case .redirect(let redirect) = line else { return }
  let time = Array(RFC3339.string(seconds: redirect.seconds).utf8)
  precondition(
    time.withUnsafeBufferPointer { RFC3339.parse($0) } == max(0, redirect.seconds) * 1000)
  precondition(EventID(hex: redirect.event.description.utf8) == redirect.event)
}

/// What is read of a file of cursors reads the same again from our own.
func fuzzCursors(_ bytes: [UInt8]) {
  let cursors = RelayCursors.parse(bytes)
  precondition(cursors.values.allSatisfy { $0 >= 0 })
  precondition(RelayCursors.parse(Array(RelayCursors.text(cursors).utf8)) == cursors)
}

/// Where engines are: what is taken has a port that exists, a path that fits a socket, one database.
func fuzzAddress(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  if let address = try? Redis.Address(parsing: text) {
    precondition(address.database >= 0)
    switch address.endpoint {
    case .tcp(let host, let port): precondition(!host.isEmpty && (1...65_535).contains(port))
    case .unix(let path): precondition(path.utf8.first == 0x2F && path.utf8.count < 108)
    }
    precondition(address.password == nil || address.password?.isEmpty == false)
  }
  if let address = ServerAddress(url: text) {
    precondition(address.port > 0 && !address.host.isEmpty)
    precondition(!address.database.isEmpty && !address.database.utf8.contains(0x2F))
  }
  if let address = BrokerAddress(url: text) {
    precondition((1...65_535).contains(address.port))
  }
}

/// Rows of TabSeparated, written again with its escapes, read the same again.
func fuzzRows(_ bytes: [UInt8]) {
  let rows = Rows(tabSeparated: bytes)
  var written: [UInt8] = []
  for row in rows {
    for (index, field) in row.enumerated() {
      if index > 0 { written.append(0x09) }
      for byte in field.utf8 {
        switch byte {
        case 0x09: written += Array("\\t".utf8)
        case 0x0A: written += Array("\\n".utf8)
        case 0x5C: written += Array("\\\\".utf8)
        default: written.append(byte)
        }
      }
    }
    written.append(0x0A)
  }
  precondition(Array(Rows(tabSeparated: written)) == Array(rows))
}

/// Checks a request's target: its path ends before the query.
///
/// Decoding leaves the resource that nginx sees. The slugs that are found in it are its start, byte
/// by byte.
func fuzzTarget(_ bytes: [UInt8]) {
  bytes.withUnsafeBufferPointer { target in
    let request = Request(method: .get, target: target, contentType: target)
    precondition(!request.path.contains(0x3F) && target.starts(with: request.path))
    precondition(target.count == request.path.count || target[request.path.count] == 0x3F)
    if request.isJSON {
      let type = String(decoding: target, as: UTF8.self).lowercased()
      precondition(type.contains("application/json"))
    }
    let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: request.path.count)
    defer { room.deallocate() }
    let count = PercentEncoding.decodeUnreserved(request.path, into: room)
    let path = Request.Bytes(rebasing: room[..<count])
    precondition(PercentEncoding.mayOccur(in: request.path) || path.elementsEqual(request.path))
    // nginx refuses a percent sign without two digits.
    if let whole = decoded(request.path) { precondition(decoded(path) == whole) }
    fuzzSlugs(Request.Bytes(rebasing: path.dropFirst()))
  }
}

/// A segment names two slugs at most: itself, and its start.
private func fuzzSlugs(_ segment: Request.Bytes) {
  let start = Slug.start(of: segment)
  precondition(segment.starts(with: start))
  precondition(Slug.start(of: start).elementsEqual(start))
  precondition(start.count == segment.count || !isLetterOrDigit(segment[start.count]))
  let slugs = Slug.readings(of: segment)
  precondition(slugs.count <= 2)
  for slug in slugs {
    let bytes = Array(slug.description.utf8)
    precondition((1...255).contains(bytes.count) && segment.starts(with: bytes))
    precondition(bytes.allSatisfy { isLetterOrDigit($0) || "-._~/".utf8.contains($0) })
    precondition(bytes.suffix(2).contains(where: isLetterOrDigit))
    precondition(Slug(slug.description) == slug)
    // The slug of an id is the only one that tells it.
    if let id = SnowflakeID(base62: bytes) { precondition(Slug(id) == slug && id.rawValue > 0) }
  }
}

/// What Redis may hold: what is taken is written as it came, and can go into a header and a line.
func fuzzRecord(_ bytes: [UInt8]) {
  guard let record = LinkRecord(bytes) else { return }
  switch record {
  case .plain(let link):
    precondition(Array(record.value.utf8) == bytes)
    check(link.destination)
    precondition(link.id.map { $0.rawValue > 0 } ?? true)
  case .managed(let link):
    precondition(LinkRecord(Array(record.value.utf8)) == record)
    check(link.destination)
    precondition(link.id.rawValue > 0)
  case .absent, .gone: precondition(Array(record.value.utf8) == bytes)
  }
}

private func check(_ destination: DestinationURL) {
  let text = destination.description.utf8
  precondition(text.allSatisfy { $0 > 0x20 && $0 < 0x7F })
  precondition(text.count <= DestinationURL.maximumLength)
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
  (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
}

/// All that is percent-encoded decoded, as nginx does for its locations; nil for a broken encoding.
private func decoded(_ path: Request.Bytes) -> [UInt8]? {
  var bytes: [UInt8] = []
  var index = 0
  while index < path.count {
    if path[index] != UInt8(ascii: "%") {
      bytes.append(path[index])
      index += 1
    } else {
      let digits = path[index...].dropFirst().prefix(2)
      guard digits.count == 2, digits.allSatisfy({ isLetterOrDigit($0) }),
        let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(byte)
      index += 3
    }
  }
  return bytes
}
