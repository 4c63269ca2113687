import Text

/// Writes JSON directly into a byte buffer; it adds the commas, the caller keeps the nesting right.
package struct JSONWriter {
  package private(set) var bytes: [UInt8] = []
  private var needsComma = false

  package init(capacity: Int = 256) {
    bytes.reserveCapacity(capacity)
  }

  package mutating func beginObject() { open(UInt8(ascii: "{")) }
  package mutating func endObject() { close(UInt8(ascii: "}")) }
  package mutating func beginArray() { open(UInt8(ascii: "[")) }
  package mutating func endArray() { close(UInt8(ascii: "]")) }

  /// A key that needs no escaping, as all of ours do.
  package mutating func key(_ key: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  package mutating func key(_ key: String) {
    string(key)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// A key and its text; none without a text.
  package mutating func member(_ key: StaticString, _ value: String?) {
    guard let value else { return }
    self.key(key)
    string(value)
  }

  package mutating func member(_ key: StaticString, _ value: some BinaryInteger) {
    self.key(key)
    number(value)
  }

  /// A key and an array of objects, the members of each written by `body`.
  package mutating func member<Element>(
    _ key: StaticString, _ elements: [Element], _ body: (Element, inout JSONWriter) -> Void
  ) {
    self.key(key)
    array(elements, body)
  }

  /// An array of objects, the members of each written by `body`.
  package mutating func array<Element>(
    _ elements: [Element], _ body: (Element, inout JSONWriter) -> Void
  ) {
    beginArray()
    for element in elements {
      beginObject()
      body(element, &self)
      endObject()
    }
    endArray()
  }

  package mutating func string(_ string: String) {
    separate()
    var string = string
    bytes.append(UInt8(ascii: "\""))
    string.withUTF8 { appendEscaped($0) }
    bytes.append(UInt8(ascii: "\""))
  }

  /// A string of bytes from outside; invalid UTF-8 becomes U+FFFD.
  package mutating func string(bytes raw: some Collection<UInt8>) {
    string(String(decoding: raw, as: UTF8.self))
  }

  package mutating func number(_ number: some BinaryInteger) {
    separate()
    bytes.append(contentsOf: String(number).utf8)
  }

  /// A number by its own characters, such as `JSONValue` keeps them.
  package mutating func literal(_ number: String) {
    separate()
    bytes.append(contentsOf: number.utf8)
  }

  /// A decimal with three places: 1234 thousandths are 1.234.
  package mutating func number(thousandths: Int) {
    let places = String(thousandths.magnitude % 1000)
    separate()
    if thousandths < 0 { bytes.append(UInt8(ascii: "-")) }
    bytes.append(contentsOf: String(thousandths.magnitude / 1000).utf8)
    bytes.append(UInt8(ascii: "."))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 3 - places.utf8.count))
    bytes.append(contentsOf: places.utf8)
  }

  package mutating func bool(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  package mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  /// A whole value.
  package mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .bool(let bool): self.bool(bool)
    case .number(let digits): literal(digits)
    case .string(let string): self.string(string)
    case .array(let elements):
      beginArray()
      for element in elements { self.value(element) }
      endArray()
    case .object(let object):
      beginObject()
      for member in object.members {
        key(member.key)
        self.value(member.value)
      }
      endObject()
    }
  }

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func appendEscaped(_ utf8: UnsafeBufferPointer<UInt8>) {
    // The loop has no early exit: so many bytes are compared at once.
    var special: UInt8 = 0
    for byte in utf8 {
      special |= (byte < 0x20 ? 1 : 0) | (byte == 0x7F ? 1 : 0)
      special |= (byte == UInt8(ascii: "\"") ? 1 : 0) | (byte == UInt8(ascii: "\\") ? 1 : 0)
    }
    guard special != 0 else { return bytes.append(contentsOf: utf8) }
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0..<0x20, 0x7F:
        bytes.append(contentsOf: "\\u00".utf8)
        bytes += [UInt8.lowerHexDigit(byte >> 4), UInt8.lowerHexDigit(byte & 0xF)]
      default: bytes.append(byte)
      }
    }
  }
}
