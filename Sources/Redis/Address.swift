/// The address of a Redis server, with user, password and database.
///
/// It is written as `redis://[[user]:password@]host[:port][/database]` or
/// `unix:///path/to.sock[?db=database]`, the latter also with `[user]:password@` before the path.
package struct Address: Hashable, Sendable {
  package enum Endpoint: Hashable, Sendable {
    case tcp(host: String, port: Int)
    case unix(path: String)
  }

  package var endpoint: Endpoint
  package var user: String?
  package var password: String?
  package var database: Int

  package init(
    _ endpoint: Endpoint, user: String? = nil, password: String? = nil, database: Int = 0
  ) {
    self.endpoint = endpoint
    self.user = user
    self.password = password
    self.database = database
  }

  package init(parsing url: String) throws(RedisError) {
    if url.hasPrefix("redis://") {
      try self.init(tcp: url.dropFirst(8))
    } else if url.hasPrefix("unix://") {
      try self.init(unix: url.dropFirst(7))
    } else {
      throw Self.malformed("it must begin with redis:// or unix://")
    }
  }

  private init(tcp rest: Substring) throws(RedisError) {
    let authority = rest.prefix { $0 != "/" }
    let database = rest.dropFirst(authority.count + 1)
    let (credentials, place) = Self.split(authority)
    var host = place
    var port: Substring?
    if place.first == "[" {
      host = place.dropFirst().prefix { $0 != "]" }
      let tail = place.dropFirst(host.count + 2)
      port = tail.first == ":" ? tail.dropFirst() : tail.isEmpty ? nil : ""
    } else if let colon = place.lastIndex(of: ":") {
      host = place[..<colon]
      port = place[place.index(after: colon)...]
    }
    guard !host.isEmpty else { throw Self.malformed("it has no host") }
    guard !host.utf8.contains(UInt8(ascii: " ")) else {
      throw Self.malformed("its host has a blank")
    }
    guard let number = port.map({ Int($0) }) ?? 6379, (1...65_535).contains(number) else {
      throw Self.malformed("its port is no port")
    }
    try self.init(
      .tcp(host: String(host), port: number), credentials: credentials, database: database)
  }

  private init(unix rest: Substring) throws(RedisError) {
    let place = rest.prefix { $0 != "?" }
    let (credentials, path) = Self.split(place)
    var database: Substring = ""
    for item in rest.dropFirst(place.count + 1).split(separator: "&") {
      guard item.hasPrefix("db=") else { throw Self.malformed("only ?db= is known") }
      database = item.dropFirst(3)
    }
    guard path.first == "/", let decoded = Self.percentDecoded(path) else {
      throw Self.malformed("its path must begin with a slash")
    }
    guard decoded.utf8.count < 108 else { throw Self.malformed("its path is too long") }
    try self.init(.unix(path: decoded), credentials: credentials, database: database)
  }

  private init(
    _ endpoint: Endpoint, credentials: Substring?, database: Substring
  ) throws(RedisError) {
    guard let number = database.isEmpty ? 0 : Int(database), number >= 0 else {
      throw Self.malformed("its database is not a number")
    }
    var user: String?
    var password: String?
    if let credentials {
      let name = credentials.prefix { $0 != ":" }
      let secret = credentials.dropFirst(name.count + 1)
      guard let decodedName = Self.percentDecoded(name),
        let decodedSecret = Self.percentDecoded(secret)
      else { throw Self.malformed("its user or password is badly encoded") }
      user = decodedName.isEmpty ? nil : decodedName
      password = decodedSecret.isEmpty ? nil : decodedSecret
    }
    self.init(endpoint, user: user, password: password, database: number)
  }

  /// The text before and after the last `@`.
  private static func split(_ text: Substring) -> (credentials: Substring?, rest: Substring) {
    guard let at = text.lastIndex(of: "@") else { return (nil, text) }
    return (text[..<at], text[text.index(after: at)...])
  }

  private static func percentDecoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let decoded = UInt8(rest.prefix(2).text, radix: 16), decoded != 0
      else { return nil }
      bytes.append(decoded)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func malformed(_ reason: String) -> RedisError {
    RedisError(.malformedURL, reason, during: "read the Redis URL")
  }
}

extension Substring.UTF8View {
  fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}

extension Address: CustomStringConvertible {
  /// Without the password.
  package var description: String {
    switch endpoint {
    case .tcp(let host, let port): "redis://\(host):\(port)/\(database)"
    case .unix(let path): "unix://\(path)?db=\(database)"
    }
  }
}
