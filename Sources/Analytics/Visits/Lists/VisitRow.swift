import ClickHouse

/// A visit as it is stored.
struct VisitRow: Equatable, Sendable {
  let place: VisitPlace
  /// The link's id, or the scope of a visit without a link.
  let link: UInt64
  let code: String
  let domain: Int
  let userAgent: String
  let referrer: String
  let isBot: Bool
  /// The visitor's query; empty without one.
  let query: String
  /// The rule that answered, by its priority; 0 for none.
  let rule: Int
  /// The link's revision; 0 for clicks from before revisions were counted.
  let revision: Int

  static let columns: SQL = """
    toUnixTimestamp(timestamp), lower(hex(event_id)), link, code, domain, user_agent, referrer, bot != 0, \
    query, rule, revision
    """

  /// Nil for a row of another form.
  init?(_ row: [String]) {
    guard row.count == 11, let seconds = Int64(row[0]), let link = UInt64(row[2]),
      let domain = Int(row[4]), let rule = Int(row[9]), let revision = Int(row[10])
    else { return nil }
    place = VisitPlace(seconds: seconds, id: row[1])
    self.link = link
    code = row[3]
    self.domain = domain
    userAgent = row[5]
    referrer = row[6]
    isBot = row[7] == "1"
    query = row[8]
    self.rule = rule
    self.revision = revision
  }
}
