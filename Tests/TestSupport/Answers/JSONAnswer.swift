import Foundation

/// A JSON text as a test reads it: what is missing or of another type fails with its place and content.
///
///     XCTAssertEqual(try answer.json["dependencies"]["redis"]["state"].text, "up")
package struct JSONAnswer: CustomStringConvertible {
  /// What JSONSerialization makes of it, for those who go through all of it.
  package let value: Any
  private let place: String

  package struct Mismatch: Error, CustomStringConvertible {
    package let description: String
  }

  /// Reads a text: one value, of any type.
  package init(_ text: String) throws { try self.init(Array(text.utf8)) }

  package init(_ bytes: [UInt8]) throws {
    do {
      value = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
    } catch {
      throw Mismatch(description: "no JSON: \(String(decoding: bytes.prefix(500), as: UTF8.self))")
    }
    place = ""
  }

  /// What JSONSerialization makes of a text, or a part of it.
  init(_ value: Any, at place: String = "") {
    self.value = value
    self.place = place
  }

  /// A member of an object; that it is missing is a failure.
  package subscript(_ name: String) -> JSONAnswer {
    get throws {
      guard let member = try members[name] else {
        throw Mismatch(description: "\(place)/\(name) is missing in \(self)")
      }
      return member
    }
  }

  package var members: [String: JSONAnswer] {
    get throws {
      let object: [String: Any] = try cast("an object")
      return Dictionary(
        uniqueKeysWithValues: object.map { ($0, JSONAnswer($1, at: "\(place)/\($0)")) })
    }
  }

  package var elements: [JSONAnswer] {
    get throws {
      let array: [Any] = try cast("an array")
      return array.enumerated().map { JSONAnswer($1, at: "\(place)/\($0)") }
    }
  }

  package var isNull: Bool { value is NSNull }

  package var text: String { get throws { try cast("a string") } }

  package var isTrue: Bool { get throws { try cast("a truth value") } }

  /// A whole number, neither a truth value nor a fraction.
  package var number: Int {
    get throws {
      let number: NSNumber = try cast("a number")
      // A truth value is a number of one character.
      guard number.objCType.pointee != CChar(UInt8(ascii: "c")),
        let whole = Int(exactly: number.doubleValue)
      else { throw mismatch("a whole number") }
      return whole
    }
  }

  /// The same as `text`, for each element of an array.
  package var texts: [String] { get throws { try elements.map { try $0.text } } }

  package var description: String {
    let options: JSONSerialization.WritingOptions = [.sortedKeys, .fragmentsAllowed]
    let data = try? JSONSerialization.data(withJSONObject: value, options: options)
    return String(decoding: data ?? Data("\(value)".utf8), as: UTF8.self)
  }

  private func cast<Value>(_ type: String) throws -> Value {
    guard let value = value as? Value else { throw mismatch(type) }
    return value
  }

  private func mismatch(_ type: String) -> Mismatch {
    Mismatch(description: "\(place.isEmpty ? "the text" : place) is not \(type): \(self)")
  }
}

extension HTTPClient.Answer {
  /// The body, which must be JSON.
  package var json: JSONAnswer { get throws { try JSONAnswer(body) } }
}
