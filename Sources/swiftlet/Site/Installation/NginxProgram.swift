/// This machine's nginx.
struct NginxProgram {
  /// The path of nginx.conf.
  let configuration: String

  /// Lets nginx read its configuration and all that this names, as it would to serve by it.
  ///
  /// - Returns: Its warnings.
  /// - Throws: `NginxRefusal`.
  func test() throws -> [String] {
    let result = try ProgramRun.run("nginx", ["-t", "-c", configuration])
    let lines = result.errors.split(separator: "\n").map(String.init)
    guard result.status == 0 else {
      // The last line says only that the test has failed.
      throw NginxRefusal(complaints: lines.filter { !$0.hasSuffix("test failed") })
    }
    return lines.filter { $0.contains("[warn]") }
  }

  /// Lets a running nginx take its configuration anew.
  ///
  /// - Returns: False when none runs.
  func reload() throws -> Bool {
    try ProgramRun.run("nginx", ["-s", "reload", "-c", configuration]).status == 0
  }
}

/// What nginx says of a configuration that it refuses.
struct NginxRefusal: Error, CustomStringConvertible {
  let complaints: [String]

  var description: String {
    "nginx refuses the site, so nothing has changed. " + complaints.joined(separator: "\n")
  }

  /// Whether another file has the directive that nginx takes once only.
  var isOfHashSize: Bool {
    complaints.contains { $0.contains("\"variables_hash_max_size\" directive is duplicate") }
  }
}
