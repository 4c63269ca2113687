/// A limit that nginx holds each client to.
struct ClientLimit {
  /// 0 where it is off: then nginx only wants a number, and an empty key counts nobody.
  private let limit: Int

  init(number: Int) {
    limit = number
  }

  var key: String { limit > 0 ? "$swiftlet_client" : "\"\"" }
  var number: Int { max(1, limit) }
  /// Seconds until one more request is allowed, of so many a minute.
  var secondsForOne: Int { limit > 0 ? (59 + limit) / limit : 1 }
}
