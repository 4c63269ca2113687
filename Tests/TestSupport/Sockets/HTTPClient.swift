import Glibc

/// An HTTP client that sends exactly what it is told, byte for byte, and follows nothing.
package struct HTTPClient: Sendable {
  package let port: UInt16
  /// The last number of the loopback address that requests come from.
  package var source: UInt8

  package struct Answer: Sendable {
    package let status: Int
    /// Names in lower case, in the order in which they came.
    package let fields: [(name: String, value: String)]
    package let body: [UInt8]

    package subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
    package func all(_ name: String) -> [String] {
      fields.filter { $0.name == name }.map(\.value)
    }
    package var text: String { String(decoding: body, as: UTF8.self) }
  }

  package struct Malformed: Error {
    package let bytes: String
  }

  package init(port: UInt16, source: UInt8 = 1) {
    self.port = port
    self.source = source
  }

  /// The client for the stack under test.
  package static func site() throws -> HTTPClient {
    let text = try TestStack.value("PORT")
    guard let port = UInt16(text) else { throw Malformed(bytes: "PORT=\(text)") }
    return HTTPClient(port: port)
  }

  package func get(_ target: String, _ fields: [(String, String)] = []) throws -> Answer {
    try request("GET", target, fields)
  }

  package func post(
    _ target: String, json: String, _ fields: [(String, String)] = []
  ) throws -> Answer {
    try request(
      "POST", target, [("Content-Type", "application/json")] + fields, body: Array(json.utf8))
  }

  package func request(
    _ method: String, _ target: String, _ fields: [(String, String)] = [], body: [UInt8]? = nil
  ) throws -> Answer {
    var head = "\(method) \(target) HTTP/1.1\r\nConnection: close\r\n"
    if !fields.contains(where: { $0.0 == "Host" }) { head += "Host: localhost\r\n" }
    for (name, value) in fields { head += "\(name): \(value)\r\n" }
    if let body { head += "Content-Length: \(body.count)\r\n" }
    return try exchange(Array(head.utf8) + [0x0D, 0x0A] + (body ?? []))
  }

  /// Sends raw bytes and reads one answer until the server closes.
  package func exchange(_ bytes: [UInt8]) throws -> Answer {
    try Self.exchange(bytes, on: Socket(port: port, from: source))
  }

  /// The same on a connection that there is.
  package static func exchange(_ bytes: [UInt8], on socket: Socket) throws -> Answer {
    socket.setTimeout(seconds: 30)
    // A server may refuse and hang up while there is more to send; its answer counts all the same.
    try? socket.send(bytes)
    var received: [UInt8] = []
    while let more = try? socket.receive(), !more.isEmpty { received += more }
    return try parse(received)
  }

  /// The answer in the bytes that came.
  package static func parse(_ bytes: [UInt8]) throws -> Answer {
    let malformed = Malformed(bytes: String(decoding: bytes.prefix(200), as: UTF8.self))
    let separator: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A]
    guard
      let end = bytes.indices.first(where: { bytes[$0...].starts(with: separator) })
    else { throw malformed }
    let lines = bytes[..<end].split(separator: 0x0A).map { line in
      String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
    }
    guard let first = lines.first?.split(separator: " "), first.count >= 2,
      let status = Int(first[1])
    else { throw malformed }
    let fields = lines.dropFirst().map { line in
      let colon = line.firstIndex(of: ":") ?? line.endIndex
      return (
        name: line[..<colon].lowercased(),
        value: String(line[colon...].dropFirst().drop { $0 == " " })
      )
    }
    var body = Array(bytes[(end + 4)...])
    if fields.contains(where: { $0.name == "transfer-encoding" && $0.value == "chunked" }) {
      body = dechunked(body)
    }
    return Answer(status: status, fields: fields, body: body)
  }

  private static func dechunked(_ bytes: [UInt8]) -> [UInt8] {
    var body: [UInt8] = []
    var rest = bytes[...]
    while let lineEnd = rest.firstIndex(of: 0x0A),
      let count = Int(
        String(decoding: rest[..<lineEnd], as: UTF8.self).prefix { $0.isHexDigit }, radix: 16),
      count > 0, rest.count > count
    {
      body += rest[(lineEnd + 1)...].prefix(count)
      rest = rest[(lineEnd + 1)...].dropFirst(count + 2)
    }
    return body
  }
}
