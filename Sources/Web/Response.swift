package import HTTPTypes
package import JSON

/// One answer, and its form on a FastCGI stream.
package struct Response: Sendable {
  package var status: HTTPResponse.Status
  package var fields: [Field]
  package var body: [UInt8]

  /// A header line; its name is ours, and a value that could break out of the line is not sent.
  package struct Field: Sendable, Equatable {
    package let name: StaticString
    package let value: String

    package init(_ name: StaticString, _ value: String) {
      self.name = name
      self.value = value
    }

    package static func == (left: Field, right: Field) -> Bool {
      left.name.description == right.name.description && left.value == right.value
    }
  }

  package init(status: HTTPResponse.Status, fields: [Field] = [], body: [UInt8] = []) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// An answer in JSON, which `write` writes.
  package init(
    json status: HTTPResponse.Status, fields: [Field] = [], write: (inout JSONWriter) -> Void
  ) {
    var writer = JSONWriter()
    write(&writer)
    self.init(
      status: status, fields: [Field("Content-Type", "application/json")] + fields,
      body: writer.bytes)
  }

  /// Appends the answer as a CGI response (RFC 3875, section 6): a `Status` line, header lines, a
  /// blank line, and the body, which a HEAD request goes without.
  ///
  /// - Parameters:
  ///   - bytes: Where to.
  ///   - isHead: Whether only the head is wanted.
  package func append(to bytes: inout [UInt8], isHead: Bool) {
    bytes.append(contentsOf: "Status: ".utf8)
    bytes.append(contentsOf: String(status.code).utf8)
    bytes.append(UInt8(ascii: " "))
    bytes.append(contentsOf: status.reasonPhrase.utf8)
    for field in fields { append(field, to: &bytes) }
    append(Field("Content-Length", String(body.count)), to: &bytes)
    bytes.append(contentsOf: "\r\n\r\n".utf8)
    if !isHead { bytes.append(contentsOf: body) }
  }

  private func append(_ field: Field, to bytes: inout [UInt8]) {
    guard field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return }
    bytes.append(contentsOf: "\r\n".utf8)
    field.name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: ": ".utf8)
    bytes.append(contentsOf: field.value.utf8)
  }
}
