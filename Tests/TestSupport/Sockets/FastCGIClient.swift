/// The web server's side of FastCGI 1.0, one request at a time, written for the tests alone.
///
/// https://fastcgi-archives.github.io/FastCGI_Specification.html
package enum FastCGIClient {
  package struct Incomplete: Error {}

  /// Sends one request to a pool's socket and reads the answer to its end.
  ///
  /// - Returns: What the responder wrote: header lines, a blank one, the body.
  /// - Throws: `Incomplete` when the connection ended before the request did.
  package static func request(
    socket path: String, parameters: [(String, String)], body: [UInt8] = []
  ) throws -> String {
    try request(on: connection(to: path), parameters: parameters, body: body, isLast: true)
  }

  /// A connection for one request or, when they say so, for several.
  package static func connection(to path: String) throws -> Socket {
    let socket = try Socket(path: path)
    socket.setTimeout(seconds: 20)
    return socket
  }

  /// The same on a connection that stands already; unless it is the last one, the responder is
  /// asked to keep it.
  package static func request(
    on socket: Socket, parameters: [(String, String)], body: [UInt8] = [], isLast: Bool = false
  ) throws -> String {
    try send(on: socket, parameters: parameters, body: body, isLast: isLast)
    return try answer(on: socket)
  }

  /// The first half of a request.
  package static func send(
    on socket: Socket, parameters: [(String, String)], body: [UInt8] = [], isLast: Bool = false
  ) throws {
    try socket.send(encoded(parameters, body: body, isLast: isLast))
  }

  /// The bytes of a request.
  package static func encoded(
    _ parameters: [(String, String)], body: [UInt8] = [], isLast: Bool = false
  ) -> [UInt8] {
    var encoded: [UInt8] = []
    for (name, value) in parameters {
      encoded += length(name.utf8.count) + length(value.utf8.count)
      encoded += Array(name.utf8) + Array(value.utf8)
    }
    return record(type: 1, [0, 1, isLast ? 0 : 1, 0, 0, 0, 0, 0])  // BEGIN_REQUEST, responder
      + record(type: 4, encoded) + record(type: 4, [])
      + (body.isEmpty ? [] : record(type: 5, body)) + record(type: 5, [])
  }

  /// The second half: reads the answer to its end.
  package static func answer(on socket: Socket) throws -> String {
    var received: [UInt8] = []
    var output: [UInt8] = []
    while true {
      while received.count >= 8 {
        let count = Int(received[4]) << 8 | Int(received[5])
        let total = 8 + count + Int(received[6])
        guard received.count >= total else { break }
        switch received[1] {
        case 3: return String(decoding: output, as: UTF8.self)  // END_REQUEST
        case 6: output += received[8..<8 + count]  // STDOUT
        default: break
        }
        received.removeFirst(total)
      }
      let bytes = try socket.receive()
      guard !bytes.isEmpty else { throw Incomplete() }
      received += bytes
    }
  }

  private static func length(_ count: Int) -> [UInt8] {
    count < 128
      ? [UInt8(count)]
      : [
        0x80 | UInt8(count >> 24), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255),
        UInt8(count & 255),
      ]
  }

  private static func record(type: UInt8, _ content: [UInt8]) -> [UInt8] {
    precondition(content.count < 65_536)
    return [1, type, 0, 1, UInt8(content.count >> 8), UInt8(content.count & 255), 0, 0] + content
  }
}
