internal import Curl

/// The address of a ClickHouse server, with user, password and database.
package struct ServerAddress: Equatable, Sendable {
  package let scheme: String
  package let host: String
  package let port: UInt16
  package let user: String
  package let password: String
  package let database: String

  package init(
    scheme: String = "http", host: String, port: UInt16, user: String = "default",
    password: String = "", database: String = "default"
  ) {
    self.scheme = scheme
    self.host = host
    self.port = port
    self.user = user
    self.password = password
    self.database = database
  }

  /// Reads `http(s)://user[:password]@host[:port]/database`; nil when it is something else.
  package init?(url: String) {
    guard let parts = WebAddress(url), parts.scheme == "http" || parts.scheme == "https",
      !parts.hasMore, let database = parts.path?.dropFirst(),
      !database.utf8.contains(UInt8(ascii: "/")),
      let port = UInt16(exactly: parts.port ?? (parts.scheme == "https" ? 8443 : 8123)), port > 0
    else { return nil }
    self.init(
      scheme: parts.scheme, host: parts.host, port: port, user: parts.user ?? "default",
      password: parts.password ?? "",
      database: database.isEmpty ? "default" : String(database))
  }

  /// The same server with another database, such as the one that always exists.
  package func with(database: String) -> ServerAddress {
    ServerAddress(
      scheme: scheme, host: host, port: port, user: user, password: password, database: database)
  }
}
