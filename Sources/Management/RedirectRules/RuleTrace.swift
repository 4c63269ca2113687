package import API
import JSON
package import Links
package import Places

/// Where a link would lead a visitor, and which conditions hold.
package struct RuleTrace: JSONObjectAnswer, Equatable {
  /// A condition of a rule, and whether it holds.
  package struct Step: Equatable, Sendable {
    /// The rule's priority.
    package let rule: Int
    package let condition: RedirectCondition
    package let holds: Bool
    /// What is known of the visitor.
    package let because: String
  }

  package let longURL: String
  /// The priority of the first rule that applies; nil when none does.
  package let rule: Int?
  package let steps: [Step]
  /// Whether conditions on places can hold.
  package let geolocation: Geolocation

  /// The trace of a visitor through the rules.
  init(_ list: RuleList, _ visitor: borrowing VisitorFacts) {
    var steps: [Step] = []
    for (index, rule) in list.rules.enumerated() {
      for condition in rule.conditions {
        steps.append(
          Step(
            rule: index + 1, condition: condition, holds: condition.holds(for: visitor),
            because: visitor.words(on: condition, list.geolocation)))
      }
    }
    let found = RedirectRules(list.rules)?.evaluate(visitor)
    self.init(
      longURL: found?.destination.description ?? list.longURL,
      rule: found.map { $0.index + 1 }, steps: steps, list.geolocation)
  }

  private init(longURL: String, rule: Int?, steps: [Step], _ geolocation: Geolocation) {
    self.geolocation = geolocation
    self.longURL = longURL
    self.rule = rule
    self.steps = steps
  }

  package static let schemaName = "RedirectRulesTest"
  package static let summary = "Where the link would lead this visitor."
  package static let sample = RuleTrace(
    longURL: "https://example.com/app", rule: 1,
    steps: [
      Step(
        rule: 1, condition: .device(.android), holds: true,
        because: "the user agent is android, mobile")
    ], .works)

  package func write(to writer: inout FieldWriter) {
    writer.field(
      "longUrl", longURL, .url(sample: ""),
      "Where the link would lead, before the visitor's query is added.")
    writer.nullable(
      "rule", rule, .integer(in: 1...RedirectRules.limit, sample: 1),
      "The priority of the rule that says so; null when none applies.")
    writer.list(
      "conditions", steps, atMost: RedirectRules.conditionLimit, "The conditions of all rules."
    ) { step, writer in
      writer.field(
        "rule", step.rule, .integer(in: 1...RedirectRules.limit, sample: 1),
        "The priority of its rule.")
      step.condition.write(to: &writer)
      writer.field("holds", step.holds, .boolean, "Whether it holds.")
      writer.field("because", step.because, .text(sample: ""), "What is known of the visitor.")
    }
    writer.geolocation(geolocation)
  }
}

extension VisitorFacts {
  /// What is known of the visitor, as far as it matters to a condition.
  fileprivate func words(on condition: RedirectCondition, _ geolocation: Geolocation) -> String {
    switch condition {
    case .device:
      let words = RuleDevice.allCases.filter { agent?.devices.contains($0) ?? false }
        .map(\.rawValue)
      return words.isEmpty
        ? "the user agent names no device" : "the user agent is \(words.joined(separator: ", "))"
    case .browser:
      return agent?.browser.map { "the user agent is \($0.rawValue)" }
        ?? "the user agent names no browser that a rule can have"
    case .language:
      return acceptedLanguages.isEmpty
        ? "there is no Accept-Language" : "Accept-Language is \(Self.text(acceptedLanguages))"
    case .parameter(let parameter, _):
      return parameter.value(in: query).map { "the query has \(parameter)=\(Self.text($0))" }
        ?? "the query has no \(parameter)"
    case .address: return address.map { "the address is \($0)" } ?? "there is no address"
    case .country: return place?.country.map { "the country is \($0)" } ?? geolocation.ignorance
    case .city:
      return place.flatMap { $0.city.isEmpty ? nil : "the city is \($0.city)" }
        ?? geolocation.ignorance
    case .beforeDate, .afterDate:
      return "the time is \(RedirectCondition.afterDate(milliseconds).matchValue ?? "")"
    }
  }

  /// The beginning of what was sent.
  private static func text(_ bytes: Bytes) -> String {
    String(decoding: bytes.prefix(200), as: UTF8.self)
  }
}

extension Geolocation {
  /// Why a place isn't known.
  fileprivate var ignorance: String {
    switch self {
    case .works: "the place isn't known"
    case .off: "the place isn't known: there is no geolocation database"
    case .unreadable: "the place isn't known: the geolocation database can't be read"
    }
  }
}
