import Foundation

/// What a worker says of the link that changes.
enum Reply: Hashable {
  /// It leads to the destination of this number.
  case leads(Int)
  /// It is disabled or deleted.
  case gone
  /// There is no such link.
  case missing
  /// Nothing: the request is handed on, or put off.
  case nothing

  /// Reads an answer's head, FastCGI's or HTTP's; nil where it has no status.
  init?(head: UnsafeBufferPointer<UInt8>) {
    guard
      let status = Self.number(after: "Status: ", in: head)
        ?? Self.number(after: "HTTP/1.1 ", in: head)
    else { return nil }
    switch status {
    case 301:
      guard let number = Self.number(after: Self.destination(""), in: head) else { return nil }
      self = .leads(number)
    case 404: self = .missing
    case 410: self = .gone
    default: self = .nothing
    }
  }

  /// The destination of a number.
  static func destination(_ number: some CustomStringConvertible) -> String {
    "https://example.com/change/\(number)"
  }

  private static func number(after mark: String, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard var next = end(of: mark, in: bytes) else { return nil }
    var number: Int?
    while next < bytes.count, (0x30...0x39).contains(bytes[next]) {
      number = (number ?? 0) * 10 + Int(bytes[next] - 0x30)
      next += 1
    }
    return number
  }

  /// Where a text ends that stands in the bytes; by memchr, for it is asked thousands of times a second.
  private static func end(of mark: String, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let base = UnsafeRawPointer(bytes.baseAddress), let first = mark.utf8.first else {
      return nil
    }
    let length = mark.utf8.count
    var start = 0
    while start + length <= bytes.count,
      let found = memchr(base + start, Int32(first), bytes.count - length - start + 1)
    {
      if memcmp(found, mark, length) == 0 {
        return found - UnsafeMutableRawPointer(mutating: base) + length
      }
      start = found - UnsafeMutableRawPointer(mutating: base) + 1
    }
    return nil
  }
}
