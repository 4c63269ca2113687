/// Links whose redirect depends on more than their code, and who follows them how.
struct ManagedLinks: Sendable {
  /// One way to follow one of them.
  private struct Way: Sendable {
    let slug: String
    var host: String?
    var query = ""
    var language: String?
    /// What the user agent has for its device.
    var device = ""
    let destination: String
    /// The rule that applies.
    var rule: UInt32 = 0
  }

  /// A domain other than that of `BASE_URL`.
  let host: String
  /// The ids of all.
  let ids: [UInt64]
  /// Those of the default domain whose names nothing else has.
  let codes: [String]
  private let ways: [Way]
  private let leds: [Led]

  /// Makes them.
  ///
  /// - Parameters:
  ///   - prefix: How their names begin.
  ///   - url: Where they lead begins so.
  /// - Throws: When the stack can't make them.
  init(prefix: String, url: String) throws {
    let host = "\(prefix).example"
    let (own, ruled, dated, query) =
      ("\(prefix)-own", "\(prefix)-ruled", "\(prefix)-dated", "\(prefix)-query")
    try Operator.must(["link", "create", url + "own", "--slug", own])
    try Operator.must(["link", "create", url + "other", "--slug", own, "--domain", host])
    try Operator.must(["link", "create", url + "all", "--slug", ruled])
    try Operator.must(["rule", "add", ruled, "--to", url + "de", "--when", "language=de"])
    try Operator.must(["rule", "add", ruled, "--to", url + "ios", "--when", "device=ios"])
    try Operator.must(
      ["link", "create", url + "dated", "--slug", dated]
        + ["--valid-since", "2020-01-01", "--valid-until", "2099-01-01"])
    try Operator.must(
      ["link", "create", url + "query?x=1&y=2", "--slug", query, "--forward-query"])
    let iPhone = " (iPhone; CPU iPhone OS 18_5 like Mac OS X)"
    let ways = [
      Way(slug: own, destination: url + "own"),
      Way(slug: own, host: host, destination: url + "other"),
      Way(slug: ruled, destination: url + "all"),
      Way(slug: ruled, language: "de-AT, en;q=0.8", destination: url + "de", rule: 1),
      Way(slug: ruled, language: "en", device: iPhone, destination: url + "ios", rule: 2),
      Way(slug: ruled, language: "de", device: iPhone, destination: url + "de", rule: 1),
      Way(slug: dated, destination: url + "dated"),
      Way(slug: query, destination: url + "query?x=1&y=2"),
      Way(slug: query, query: "?x=9&z=8", destination: url + "query?x=9&y=2&z=8"),
    ]
    let states = try Self.states(prefix)
    leds = try ways.map { way in
      guard var led = states[way.slug + "@" + (way.host ?? "")] else {
        throw DrillError("PostgreSQL has no link \(way.slug)")
      }
      led.states = Set(
        led.states.map { .init(domain: $0.domain, revision: $0.revision, rule: way.rule) })
      return led
    }
    (self.host, self.ways) = (host, ways)
    ids = states.values.compactMap(\.link)
    codes = [ruled, dated, query]
  }

  /// What PostgreSQL says of them, by slug and host.
  private static func states(_ prefix: String) throws -> [String: Led] {
    var states: [String: Led] = [:]
    for row in try Operator.ask(
      """
      SELECT short_code, domain, snowflake_id, number, revision FROM short_urls
      JOIN domains ON authority = domain WHERE short_code LIKE '\(prefix)-%'
      """)
    {
      guard row.count == 5, let domain = UInt32(row[3]), let revision = UInt32(row[4]) else {
        throw DrillError("PostgreSQL says: \(row)")
      }
      states[row[0] + "@" + row[1]] = Led(
        link: UInt64(row[2]), states: [.init(domain: domain, revision: revision)])
    }
    return states
  }

  /// Follows one of them in one of the ways.
  ///
  /// - Parameters:
  ///   - number: Each way has its turn.
  ///   - click: Makes the click of a code and a device.
  /// - Returns: The visit.
  func visit(_ number: Int, _ click: (_ code: String, _ device: String) -> Oracle.Expected) -> Visit
  {
    let way = ways[number % ways.count]
    return Visit(
      kind: .managed, click: click(way.slug, way.device), host: way.host, query: way.query,
      language: way.language, destination: way.destination, led: leds[number % ways.count])
  }
}
