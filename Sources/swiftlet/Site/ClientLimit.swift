/// A limit that nginx holds each client to.
struct ClientLimit {
  /// 0 where it is off: then nginx only wants a number, and an empty key counts nobody.
  private let limit: Int
  /// nginx's variable for a client that is counted.
  private let counted: String

  private init(_ limit: Int, _ counted: String) {
    self.limit = limit
    self.counted = counted
  }

  /// A limit of all requests.
  static func of(all limit: Int) -> ClientLimit { ClientLimit(limit, "$swiftlet_client") }

  /// A limit of the requests without an API key.
  ///
  /// A request with a key is held to the key's limit.
  static func of(strangers limit: Int) -> ClientLimit { ClientLimit(limit, "$swiftlet_stranger") }

  var key: String { limit > 0 ? counted : "\"\"" }
  var number: Int { max(1, limit) }
  /// Seconds until one more request is allowed, of so many a minute.
  var secondsForOne: Int { limit > 0 ? (59 + limit) / limit : 1 }
}
