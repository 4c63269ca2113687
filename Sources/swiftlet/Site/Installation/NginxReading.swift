/// A configuration that nginx has read and found good (`nginx -T`).
struct NginxReading {
  /// All its files.
  let dump: String
  let warnings: [String]

  /// Whether a file is part of it.
  func includes(_ name: String) -> Bool {
    dump.split(separator: "\n").contains {
      $0.hasPrefix("# configuration file ") && $0.hasSuffix("/\(name):")
    }
  }

  /// The file that gets the number of nginx's process; nil where nginx's own default counts.
  var pidFile: String? {
    dump.split(separator: "\n").map { $0.split(whereSeparator: \.isWhitespace) }
      .first { $0.first == "pid" }
      .map { $0.dropFirst().joined(separator: " ").filter { !"\"';".contains($0) } }
  }

  /// The warnings, with what one of them means for an operator.
  var remarks: [String] {
    warnings.contains { $0.contains("conflicting server name") }
      ? warnings
        + ["Of two sites with one name nginx asks only the first: rename the other, or remove it."]
      : warnings
  }
}

/// What nginx says of a configuration that it refuses.
struct NginxRefusal: Error, CustomStringConvertible {
  let complaints: [String]

  var description: String {
    "nginx refuses the site, so nothing has changed. " + complaints.joined(separator: "\n")
  }
}
