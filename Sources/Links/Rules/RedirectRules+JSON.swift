package import JSON

/// The stored form: in the column `rules`, and within the link's record.
///
/// `[{"u":"https://…","c":[["device",null,"ios"],["query-param","from","mail"]]}]`: each condition is
/// its type, its key and its value, as in Shlink's API.
extension RedirectRules {
  /// Reads stored rules.
  ///
  /// - Returns: Nil for what isn't the stored form, such as a condition of a later release.
  package init?(_ json: JSONValue) {
    guard let elements = json.array, elements.count <= Self.limit else { return nil }
    var rules: [RedirectRule] = []
    rules.reserveCapacity(elements.count)
    for element in elements {
      guard let rule = RedirectRule(element) else { return nil }
      rules.append(rule)
    }
    self.init(rules)
  }

  /// Reads the column's text.
  package init?(stored text: String) {
    guard let json = try? JSONValue(parsing: Array(text.utf8)) else { return nil }
    self.init(json)
  }

  /// The column's text.
  package var stored: String {
    var writer = JSONWriter()
    write(to: &writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// Writes them as the next value.
  package func write(to json: inout JSONWriter) {
    json.beginArray()
    for rule in rules { rule.write(to: &json) }
    json.endArray()
  }
}

extension RedirectRule {
  fileprivate init?(_ json: JSONValue) {
    guard let object = json.object,
      let url = object["u"]?.string,
      let destination = DestinationURL(stored: url, anyScheme: true),
      let elements = object["c"]?.array, elements.count <= RedirectRules.conditionLimit
    else { return nil }
    var conditions: [RedirectCondition] = []
    conditions.reserveCapacity(elements.count)
    for element in elements {
      guard let condition = RedirectCondition(element) else { return nil }
      conditions.append(condition)
    }
    self.init(destination, when: conditions)
  }

  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    json.key("u")
    json.string(destination.description)
    json.key("c")
    json.beginArray()
    for condition in conditions { condition.write(to: &json) }
    json.endArray()
    json.endObject()
  }
}

extension RedirectCondition {
  fileprivate init?(_ json: JSONValue) {
    guard let parts = json.array, parts.count == 3,
      let type = parts[0].string.flatMap(ConditionType.init)
    else { return nil }
    do throws(InvalidCondition) {
      try self.init(type, key: parts[1].string, value: parts[2].string)
    } catch {
      return nil
    }
  }

  fileprivate func write(to json: inout JSONWriter) {
    json.beginArray()
    json.string(type.rawValue)
    for text in [matchKey, matchValue] {
      if let text { json.string(text) } else { json.null() }
    }
    json.endArray()
  }
}
