package import API
package import HTTPTypes
import JSON
import Text
package import Web

/// A request with everything that it is made of; a `Request` only borrows its bytes.
package struct MadeRequest: CustomStringConvertible {
  package let method: HTTPRequest.Method
  package var target: String
  package var contentType: String? = "application/json"
  package var contentEncoding: String?
  /// Nil for one that is longer than is taken.
  package var body: [UInt8]? = []
  package var apiKey: String?
  package var authorization: String?

  package init(
    method: HTTPRequest.Method, target: String, contentType: String? = "application/json",
    contentEncoding: String? = nil, body: [UInt8]? = [], apiKey: String? = nil
  ) {
    self.method = method
    self.target = target
    self.contentType = contentType
    self.contentEncoding = contentEncoding
    self.body = body
    self.apiKey = apiKey
  }

  package func with<Result>(_ use: (Request) throws -> Result) rethrows -> Result {
    try borrow(target) { target in
      try borrow(contentType) { contentType in
        try borrow(contentEncoding) { contentEncoding in
          try borrow(apiKey) { apiKey in
            try borrow(authorization) { authorization in
              try use(
                Request(
                  method: method, target: target ?? .init(start: nil, count: 0),
                  contentType: contentType, contentEncoding: contentEncoding, body: body,
                  apiKey: apiKey, authorization: authorization))
            }
          }
        }
      }
    }
  }

  private func borrow<Result>(
    _ text: String?, _ use: (Request.Bytes?) throws -> Result
  ) rethrows -> Result {
    guard let text else { return try use(nil) }
    return try Array(text.utf8).withUnsafeBufferPointer { try use($0) }
  }

  package var description: String {
    let text = body.map { String(decoding: $0.prefix(300), as: UTF8.self) } ?? "too long"
    return "\(method) \(target.prefix(300)) (\(contentType ?? "no type")) \(text)"
  }
}

extension MadeRequest {
  /// What an operation's description gives as its example.
  package init(exampleOf operation: OperationDescription) {
    let path = operation.fields.filter { $0.place == .path }
    let target = path.reduce(operation.route.path.description) { target, field in
      target.replacing("{\(field.name)}", with: Self.text(field.example))
    }
    let query = operation.fields.filter { $0.place == .query && $0.isRequired }.map(Self.parameter)
    let members = operation.fields.filter { $0.place == .body }
      .map { JSONObject.Member($0.name, $0.example) }
    var json = JSONWriter()
    json.value(.object(JSONObject(members)))
    self.init(
      method: operation.route.method,
      target: query.isEmpty ? target : target + "?" + query.joined(separator: "&"),
      body: operation.body == .none ? [] : json.bytes)
  }

  /// A parameter of the query with its example.
  package static func parameter(_ field: InputReader.Field) -> String {
    let value = text(field.example).utf8.map { byte in
      Base62.contains(byte)
        ? String(UnicodeScalar(byte)) : "%" + String(Int(byte) + 0x100, radix: 16).suffix(2)
    }.joined()
    return field.name + (field.isList ? "[]=" : "=") + value
  }

  private static func text(_ example: JSONValue) -> String {
    if let string = example.string { return string }
    if let first = example.array?.first { return text(first) }
    var json = JSONWriter()
    json.value(example)
    return String(decoding: json.bytes, as: UTF8.self)
  }
}
