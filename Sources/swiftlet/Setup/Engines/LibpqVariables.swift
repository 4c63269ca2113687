import Glibc

/// The variables that libpq reads by itself, such as `PGPASSWORD` and `PGSERVICE`.
///
/// They are the administrator's. No service manager gives them to the programs, so nothing else in this
/// process may connect by them.
struct LibpqVariables {
  private var values: [String: String] = [:]

  /// Takes them out of this process's environment.
  init() {
    var entry = environ
    while let pointer = entry.pointee {
      let words = String(cString: pointer).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      // PG_DSN and its like are Swiftlet's own.
      if let name = words.first, name.hasPrefix("PG"), !name.hasPrefix("PG_") {
        values[String(name)] = words.last.map(String.init)
      }
      entry += 1
    }
    for name in values.keys { unsetenv(name) }
  }

  /// Lends them to `body`.
  func lend<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    for (name, value) in values { setenv(name, value, 1) }
    defer { for name in values.keys { unsetenv(name) } }
    return try body()
  }
}
