import CPostgres

extension ConnectionOptions {
  /// The DSN as variables for PostgreSQL's own programs, whose arguments anybody can read.
  ///
  /// `nil` if the DSN can't be read (`PQconninfoParse`).
  package var environment: [String: String]? {
    guard let given = PQconninfoParse(dsn, nil) else { return nil }
    defer { PQconninfoFree(given) }
    var environment: [String: String] = [:]
    var option = given
    while option.pointee.keyword != nil {
      if let name = option.pointee.envvar, let value = option.pointee.val {
        environment[String(cString: name)] = String(cString: value)
      }
      option += 1
    }
    return environment
  }
}
