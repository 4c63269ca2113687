import API
import Destinations
import JSON
import Links
import Text

extension FieldType<[RedirectRule]> {
  /// The rules of a link, in the order in which they are tried.
  static func redirectRules(_ ownHosts: OwnHosts) -> FieldType<[RedirectRule]> {
    FieldType(schema: .rules, sample: RuleList.sample.rules) { value throws(InvalidValue) in
      guard case .json(.array(let elements)) = value else {
        throw InvalidValue("must be a list, not \(value.kind)")
      }
      guard elements.count <= RedirectRules.limit else {
        throw InvalidValue("may have \(RedirectRules.limit) rules at most")
      }
      var rules: [RedirectRule] = []
      for (index, element) in elements.enumerated() {
        rules.append(try RuleReader(place: "[\(index)]", ownHosts).rule(element))
      }
      guard rules.reduce(0, { $0 + $1.conditions.count }) <= RedirectRules.conditionLimit else {
        throw InvalidValue("may have \(RedirectRules.conditionLimit) conditions at most in all")
      }
      return rules
    } write: { rules in
      .array(rules.map(\.json))
    }
  }
}

/// Reads one rule, and says at which place something is wrong.
private struct RuleReader {
  private let place: String
  private let ownHosts: OwnHosts

  init(place: String, _ ownHosts: OwnHosts) {
    self.place = place
    self.ownHosts = ownHosts
  }

  func rule(_ json: JSONValue) throws(InvalidValue) -> RedirectRule {
    guard let object = json.object else { throw wrong(place, "must be an object") }
    let destination: DestinationURL
    do throws(InvalidValue) {
      destination = try FieldType.target(ownHosts).read(.json(object["longUrl"] ?? .null))
    } catch {
      // The sentence's own full stop comes once.
      throw wrong(
        place + ".longUrl", error.isSentence ? String(error.reason.dropLast()) : error.reason)
    }
    guard let elements = object["conditions"]?.array else {
      throw wrong(place + ".conditions", "must be a list")
    }
    guard elements.count <= RedirectRules.conditionLimit else {
      throw wrong(place, "has more than \(RedirectRules.conditionLimit) conditions")
    }
    var conditions: [RedirectCondition] = []
    for (index, element) in elements.enumerated() {
      conditions.append(try condition(element, "\(place).conditions[\(index)]"))
    }
    return RedirectRule(destination, when: conditions)
  }

  private func condition(
    _ json: JSONValue, _ place: String
  ) throws(InvalidValue) -> RedirectCondition {
    guard let object = json.object else { throw wrong(place, "must be an object") }
    guard let type = object["type"]?.string.flatMap(ConditionType.init) else {
      let words = ConditionType.allCases.map(\.rawValue).joined(separator: ", ")
      throw wrong(place + ".type", "must be one of \(words)")
    }
    let key = try text("matchKey", of: object, place)
    let value = try text("matchValue", of: object, place)
    do throws(InvalidCondition) {
      return try RedirectCondition(type, key: key, value: Self.time(value, type) ?? value)
    } catch {
      throw wrong("\(place).\(error.member.rawValue)", error.reason)
    }
  }

  private func text(
    _ name: String, of object: JSONObject, _ place: String
  ) throws(InvalidValue) -> String? {
    switch object[name] {
    case nil, .null: return nil
    case .string(let text): return text
    case .some(let other):
      throw wrong("\(place).\(name)", "must be a string or null, not \(other.kind)")
    }
  }

  /// A date may lack its time, and a time its offset, as in the parameters of lists.
  private static func time(_ text: String?, _ type: ConditionType) -> String? {
    guard type == .beforeDate || type == .afterDate else { return nil }
    return text.flatMap(TimeSpan.init).map { RFC3339.string(seconds: $0.start / 1000) }
  }

  private func wrong(_ place: String, _ reason: String) -> InvalidValue {
    InvalidValue("is wrong at \(place): \(reason)")
  }
}

extension RedirectRule {
  fileprivate var json: JSONValue {
    .object(
      JSONObject([
        .init("longUrl", .string(destination.description)),
        .init("conditions", .array(conditions.map(\.json))),
      ]))
  }
}

extension RedirectCondition {
  fileprivate var json: JSONValue {
    .object(
      JSONObject([
        .init("type", .string(type.rawValue)),
        .init("matchKey", matchKey.map(JSONValue.string) ?? .null),
        .init("matchValue", matchValue.map(JSONValue.string) ?? .null),
      ]))
  }
}

extension Schema {
  /// What the body of a request has.
  fileprivate static var rules: Schema {
    let condition = object(
      [
        ("type", .word(ConditionType.allCases.map(\.rawValue))), ("matchKey", .nullableText),
        ("matchValue", .nullableText),
      ], required: ["type"])
    let rule = object(
      [
        ("longUrl", FieldType.target(OwnHosts()).schema),
        ("conditions", .array(of: condition, atMost: RedirectRules.conditionLimit)),
      ], required: ["longUrl", "conditions"])
    return .array(of: rule, atMost: RedirectRules.limit)
  }

  private static func word(_ words: [String]) -> Schema {
    Schema(["type": "string", "enum": .array(words.map(JSONValue.string))])
  }

  private static var nullableText: Schema {
    Schema([
      "type": .array(["string", "null"]),
      "maxLength": .number("\(RedirectCondition.longestText)"),
    ])
  }

  private static func object(_ members: [(String, Schema)], required: [String]) -> Schema {
    Schema(
      object: JSONObject([
        .init("type", "object"), .init("required", .array(required.map(JSONValue.string))),
        .init(
          "properties", .object(JSONObject(members.map { .init($0.0, $0.1.reference) }))),
      ]), parts: members.map(\.1))
  }
}
