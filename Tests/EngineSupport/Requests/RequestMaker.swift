package import API
import HTTPTypes
import JSON
import TestSupport
import Web

/// Makes random and hostile requests for an operation; the same seed gives the same requests.
package struct RequestMaker {
  private let operation: OperationDescription
  private var random: SplitMix64

  package init(_ operation: OperationDescription, seed: UInt64) {
    self.operation = operation
    random = SplitMix64(seed: seed)
  }

  package mutating func next() -> MadeRequest { next(at: path()) }

  /// One whose path is a good one.
  package mutating func next(at path: String) -> MadeRequest {
    MadeRequest(
      method: operation.route.method, target: path + query(),
      contentType: pick([
        "application/json", "application/json", "application/json; charset=utf-8", nil,
        "text/plain", "application/json; charset=latin1", ";", "\u{1F600}",
      ]),
      contentEncoding: pick([nil, nil, nil, "gzip", "identity", ""]), body: body())
  }

  // MARK: Parts

  private mutating func path() -> String {
    operation.route.path.names.reduce(operation.route.path.description) { path, name in
      path.replacing("{\(name)}", with: segment())
    }
  }

  private mutating func segment() -> String {
    pick([
      "zzzz", "1LDUVEdRXYk", "%00", "%2F", "%2e%2E", "%ff", "a%20b", "abc.", "-", "%", "%zz",
      "abc%0d%0aX-Evil:1", String(repeating: "a", count: 300), "DEFAULT", "null", "0", "-1",
    ])
  }

  private mutating func query() -> String {
    guard chance(of: 2) else { return "" }
    if chance(of: 20) { return "?" + String(repeating: "a&", count: 2000) }
    let fields = operation.fields.filter { $0.place == .query }
    let parameters = (0..<number(below: 6)).map { _ in
      if chance(of: 3), let field = fields.randomElement(using: &random) {
        return MadeRequest.parameter(field)
      }
      let name = pick(fields.map(\.name) + ["x", "", "%00", "domain"])
      return name + pick(["", "[]", "[0]", "%5B%5D", "[", "]"]) + pick(["=", "", "=="]) + value()
    }
    return "?" + parameters.joined(separator: "&")
  }

  private mutating func value() -> String {
    pick([
      "", "1", "-1", "0", "99999999999999999999", "1e9", "true", "null", "abc", "%00", "%ff%fe",
      "%", "%2", "+", "2026-11-22", "2026-13-45T99:99:99Z", "longUrl-ASC", "longUrl-", "%F0%9F%98",
      String(repeating: "9", count: 1000), "'%22;--", "[]", "{}", "\u{1F600}",
    ])
  }

  private mutating func body() -> [UInt8]? {
    switch number(below: 12) {
    case 0: []
    case 1: (0..<number(below: 200)).map { _ in UInt8.random(in: 0...255, using: &random) }
    case 2: nil
    case 3: Array(String(repeating: pick(["[", "{\"a\":", "\""]), count: 2000).utf8)
    case 4: written(json(depth: 0))
    case 5: [0xEF, 0xBB, 0xBF] + written(object())
    case 6: Array(written(object()).dropLast())
    case 7: twice(object())
    default: written(object())
    }
  }

  /// An object with some of the operation's members, good and bad.
  private mutating func object() -> JSONValue {
    let fields = operation.fields.filter { $0.place == .body }
    var members: [JSONObject.Member] = []
    for field in fields where !chance(of: 5) {
      members.append(.init(field.name, chance(of: 2) ? field.example : json(depth: 1)))
    }
    if chance(of: 4) {
      members.append(.init(pick(["x", "", "__proto__", "\u{0}"]), json(depth: 1)))
    }
    return .object(JSONObject(members.shuffled(using: &random)))
  }

  /// The text of an object with one of its members, or one of no meaning, there twice.
  private mutating func twice(_ object: JSONValue) -> [UInt8] {
    let members = object.object?.members ?? []
    let member = members.randomElement(using: &random) ?? .init("x", .null)
    return written(.object(JSONObject(members + [member] + (members.isEmpty ? [member] : []))))
  }

  private mutating func json(depth: Int) -> JSONValue {
    switch number(below: depth > 3 ? 5 : 7) {
    case 0: .null
    case 1: .bool(chance(of: 2))
    case 2:
      .number(
        pick(["0", "-0", "1", "-1", "1.5", "1e999", "9223372036854775808", "1E+2", "-0.0"]))
    case 3, 4:
      .string(
        pick([
          "", "a", "\u{0}", "\u{1F600}", "https://example.com/", "javascript:alert(1)", "null",
          String(repeating: "x", count: 9000), "\u{202E}", "2026-11-22T10:00:00+01:00",
        ]))
    case 5: .array((0..<number(below: 4)).map { _ in json(depth: depth + 1) })
    default:
      .object(
        JSONObject((0..<number(below: 4)).map { .init("m\($0)", json(depth: depth + 1)) }))
    }
  }

  // MARK: Chance

  private func written(_ value: JSONValue) -> [UInt8] {
    var json = JSONWriter()
    json.value(value)
    return json.bytes
  }

  private mutating func number(below end: Int) -> Int { Int.random(in: 0..<end, using: &random) }
  private mutating func chance(of end: Int) -> Bool { number(below: end) == 0 }
  private mutating func pick<Element>(_ all: [Element]) -> Element { all[number(below: all.count)] }
}
