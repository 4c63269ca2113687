import AMQP
import ClickHouse
import Clicks
import HTTPTypes
import Links
import Redis
import Stores
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
    case .unix(let path): precondition(path.hasPrefix("/") && path.utf8.count < 108)
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

/// A request's target: its path ends before the query, and a code that is taken is one byte by byte.
func fuzzTarget(_ bytes: [UInt8]) {
  bytes.withUnsafeBufferPointer { target in
    let request = Request(method: .get, target: target, contentType: target)
    precondition(!request.path.contains(0x3F) && target.starts(with: request.path))
    precondition(target.count == request.path.count || target[request.path.count] == 0x3F)
    if request.isJSON {
      let type = String(decoding: target, as: UTF8.self).lowercased()
      precondition(type.contains("application/json"))
    }
    let segment = Request.Bytes(rebasing: request.path.dropFirst())
    guard let code = ShortCode(segment) else { return }
    precondition((1...32).contains(segment.count))
    precondition(code.description.utf8.elementsEqual(segment))
    precondition(
      segment.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) })
  }
}
