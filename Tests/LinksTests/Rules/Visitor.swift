import Links

/// A visitor of a test, with the facts that rules ask for.
struct Visitor {
  var query = ""
  var languages = ""
  var address = ""
  var agent: VisitorAgent?
  var place: VisitorPlace?
  var time: Int64 = 0

  /// Calls `body` with the facts.
  func lend<Result>(_ body: (borrowing VisitorFacts) -> Result) -> Result {
    var (query, languages) = (query, languages)
    return query.withUTF8 { query in
      languages.withUTF8 { languages in
        body(
          VisitorFacts(
            query: query, acceptedLanguages: languages, address: IPAddress(address), agent: agent,
            place: place, milliseconds: time))
      }
    }
  }

  /// Whether a condition of Shlink's form holds; nil for an invalid one.
  func meets(_ type: ConditionType, key: String? = nil, _ value: String?) -> Bool? {
    guard let condition = try? RedirectCondition(type, key: key, value: value) else { return nil }
    return lend { condition.holds(for: $0) }
  }
}
