package import API
import JSON
import Links
import Places
import Text

/// A made-up visitor, for a test of rules.
package struct TestVisitor: Equatable, Sendable {
  private static let longestURL = 8192
  private static let longestHeader = 4096
  private static let headerLimit = 100

  /// The query of the URL.
  private let query: String
  private let userAgent: String
  private let acceptedLanguages: String
  private let address: IPAddress?
  /// Milliseconds since 1970; nil for now.
  private let time: Int64?

  package init(from reader: inout InputReader) {
    let url = reader.optional(
      "url", .string(atMost: Self.longestURL, sample: "https://s.example/abc?from=mail"),
      "The short URL as it is visited; only its query counts.")
    let headers = reader.optional(
      "headers", .headers(atMost: Self.headerLimit, length: Self.longestHeader),
      "The request's headers; User-Agent and Accept-Language count.")
    address = reader.optional("address", .address, "The visitor's address.")
    time = reader.optional("time", .timeSpan, "The time of the visit; now, if it is absent.")?.start
    let afterPath = url?.prefix { $0 != "#" }.drop { $0 != "?" }.dropFirst()
    query = String(afterPath ?? "")
    userAgent = headers?["user-agent"] ?? ""
    acceptedLanguages = headers?["accept-language"] ?? ""
  }

  /// Lends the facts that rules compare.
  func withFacts<Result>(
    _ places: PlaceFinder, at now: Int64, _ body: (borrowing VisitorFacts) -> Result
  ) -> Result {
    var (query, languages, agent) = (query, acceptedLanguages, userAgent)
    return query.withUTF8 { query in
      languages.withUTF8 { languages in
        agent.withUTF8 { agent in
          body(
            VisitorFacts(
              query: query, acceptedLanguages: languages, address: address,
              agent: VisitorAgent(userAgent: agent),
              place: address.flatMap { places.place(of: $0) }, milliseconds: time ?? now))
        }
      }
    }
  }
}

extension FieldType<[String: String]> {
  /// Headers by their names in lower case; of two that differ in case only, the last counts.
  fileprivate static func headers(atMost limit: Int, length: Int) -> FieldType<[String: String]> {
    FieldType(
      schema: Schema([
        "type": "object", "maxProperties": .number("\(limit)"),
        "additionalProperties": .object(
          JSONObject([.init("type", "string"), .init("maxLength", .number("\(length)"))])),
      ]), sample: ["Accept-Language": "en"]
    ) { value throws(InvalidValue) in
      guard case .json(.object(let object)) = value else {
        throw InvalidValue("must be an object, not \(value.kind)")
      }
      guard object.members.count <= limit else {
        throw InvalidValue("may have \(limit) members at most")
      }
      var headers: [String: String] = [:]
      for member in object.members {
        guard let text = member.value.string, text.unicodeScalars.count <= length else {
          throw InvalidValue("must have strings of \(length) characters at most")
        }
        headers[member.key.lowercased()] = text
      }
      return headers
    } write: { headers in
      .object(JSONObject(headers.map { .init($0.key, .string($0.value)) }))
    }
  }
}

extension FieldType<IPAddress> {
  fileprivate static var address: FieldType<IPAddress> {
    FieldType(
      schema: Schema(["type": "string", "maxLength": .number("45")]),
      sample: IPAddress(high: 0, low: 0xFFFF_C000_0207)
    ) { value throws(InvalidValue) in
      guard let address = value.string.flatMap({ IPAddress($0) }) else {
        throw InvalidValue("must be an address of IPv4 or IPv6")
      }
      return address
    } write: {
      .string("\($0)")
    }
  }
}
