package import HTTPTypes
package import JSON

/// One answer, and its form on a FastCGI stream.
package struct Response: Sendable {
  package var status: HTTPResponse.Status
  /// The value of `Location`, for the answers that have one.
  package var location: String?
  package var fields: [Field]
  package var body: [UInt8]

  /// A header line; its name is ours, and a value that could break out of the line is not sent.
  package struct Field: Sendable, Equatable {
    package let name: StaticString
    package let value: String
    /// The line as it is sent, from the end of the line before on; empty for a value that isn't sent.
    fileprivate let line: String

    package init(_ name: StaticString, _ value: String) {
      self.name = name
      self.value = value
      line = isSafe(value) ? "\r\n\(name): \(value)" : ""
    }

    package static func == (left: Field, right: Field) -> Bool {
      left.name.description == right.name.description && left.value == right.value
    }
  }

  package init(
    status: HTTPResponse.Status, location: String? = nil, fields: [Field] = [],
    body: [UInt8] = []
  ) {
    self.status = status
    self.location = location
    self.fields = fields
    self.body = body
  }

  /// An answer in JSON, which `write` writes.
  package init(
    json status: HTTPResponse.Status, location: String? = nil, fields: [Field] = [],
    write: (inout JSONWriter) -> Void
  ) {
    var writer = JSONWriter()
    write(&writer)
    self.init(
      status: status, location: location,
      fields: [Self.isJSON] + fields, body: writer.bytes)
  }

  private static let isJSON = Field("Content-Type", "application/json")

  /// Room for the head of nearly every answer.
  private static let headRoom = 512

  /// Writes the answer as a CGI response (RFC 3875, section 6), in few pieces.
  ///
  /// It has a `Status` line, header lines, a blank line, and the body, which is left out for HEAD.
  ///
  /// - Parameters:
  ///   - isHead: Whether only the head is wanted.
  ///   - send: Takes one piece after the other.
  package func write(isHead: Bool, to send: (UnsafeBufferPointer<UInt8>) -> Void) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.headRoom) { room in
      var count = 0
      writeHead { piece in
        if piece.count > room.count - count {
          send(UnsafeBufferPointer(rebasing: room[..<count]))
          count = 0
        }
        guard piece.count <= room.count else { return send(piece) }
        guard let from = piece.baseAddress, let to = room.baseAddress else { return }
        (to + count).update(from: from, count: piece.count)
        count += piece.count
      }
      send(UnsafeBufferPointer(rebasing: room[..<count]))
    }
    if !isHead, !body.isEmpty { body.withUnsafeBufferPointer(send) }
  }

  private func writeHead(to send: (UnsafeBufferPointer<UInt8>) -> Void) {
    writeStatus(to: send)
    if let location, isSafe(location) {
      write("\r\nLocation: ", to: send)
      write(location, to: send)
    }
    for field in fields { write(field.line, to: send) }
    if body.isEmpty { return write("\r\nContent-Length: 0\r\n\r\n", to: send) }
    write("\r\nContent-Length: ", to: send)
    write(body.count, to: send)
    write("\r\n\r\n", to: send)
  }

  /// Each piece costs: that of nearly all answers is one.
  private func writeStatus(to send: (UnsafeBufferPointer<UInt8>) -> Void) {
    if status.code == 301 { return write("Status: 301 Moved Permanently", to: send) }
    write("Status: ", to: send)
    write(status.code, to: send)
    write(" ", to: send)
    write(status.reasonPhrase, to: send)
  }

  private func write(_ literal: StaticString, to send: (UnsafeBufferPointer<UInt8>) -> Void) {
    send(UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  private func write(_ text: String, to send: (UnsafeBufferPointer<UInt8>) -> Void) {
    var text = text
    text.withUTF8(send)
  }

  private func write(_ number: Int, to send: (UnsafeBufferPointer<UInt8>) -> Void) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var start = digits.count
      var rest = number.magnitude
      repeat {
        start -= 1
        digits[start] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      } while rest > 0
      send(UnsafeBufferPointer(rebasing: digits[start...]))
    }
  }
}

/// Whether a value has no control character.
///
/// It is looked at to its end: without a way out of the loop, many bytes are compared at once.
private func isSafe(_ value: String) -> Bool {
  var value = value
  return value.withUTF8 { value in
    var unsafe: UInt8 = 0
    for byte in value { unsafe |= (byte < 0x20 ? 1 : 0) | (byte == 0x7F ? 1 : 0) }
    return unsafe == 0
  }
}
