import API
import JSON
import Text

extension FieldType<Zone> {
  /// A name of the IANA database that this host has.
  static var zone: FieldType {
    FieldType(
      schema: Schema([
        "type": "string", "pattern": .string(Zone.namePattern),
        "maxLength": .number("\(Zone.nameLimit)"),
      ]), sample: .utc
    ) { value throws(InvalidValue) in
      guard let zone = value.string.flatMap(Zone.init(named:)) else {
        throw InvalidValue("must be the name of a time zone, such as Europe/Berlin")
      }
      return zone
    } write: {
      .string($0.name)
    }
  }
}

extension FieldType<TimeEdge> {
  /// A date, or a time with its offset.
  static var timeEdge: FieldType {
    let sample = "2026-01-31"
    return FieldType(
      schema: Schema([
        "type": "string",
        "anyOf": .array([
          .object(JSONObject([.init("format", "date")])),
          .object(JSONObject([.init("format", "date-time")])),
        ]),
      ]), sample: .day(20_484)
    ) { value throws(InvalidValue) in
      guard let edge = value.string.flatMap(TimeEdge.init) else {
        throw InvalidValue(
          "must be a date such as \(sample), or a time such as \(sample)T12:00:00Z")
      }
      guard edge.isStorable else { throw InvalidValue("must be from 1970 to 2105") }
      return edge
    } write: { edge in
      .string(String(RFC3339.string(seconds: edge.second(in: .utc)).prefix(10)))
    }
  }
}

extension TimeEdge {
  init?(_ text: String) {
    let isDay = text.utf8.count == 10
    guard let span = TimeSpan(text) else { return nil }
    self =
      isDay
      ? .day(Int((span.start / 1000).dividedDown(by: 86_400))) : .moment(span.start / 1000)
  }

  /// Whether visits can have such a time.
  fileprivate var isStorable: Bool {
    (0...VisitPlace.latest - 2 * 86_400).contains(second(in: .utc))
  }
}
