import Service

/// A name in the settings file that no program reads, perhaps a slip of the pen.
struct UnknownSetting {
  let name: String
  /// The setting that is meant, if one is near.
  let nearest: String?

  /// Settings that are in no group: those of earlier releases, and what only this command reads.
  private static let others = [
    "SECOND_TRY", "SSL_CERT_FILE", "SWIFTLET_ENV", "SUPERVISOR_URL", "VAR",
  ]

  /// The unknown names of a file, sorted.
  static func all(in variables: Variables) -> [UnknownSetting] {
    let known = SettingGroup.all.flatMap(\.settings).map(\.name)
    return variables.fileNames.filter { !known.contains($0) && !others.contains($0) }.map { name in
      UnknownSetting(name: name, nearest: nearest(to: name, among: known))
    }
  }

  /// One line: the name, and what may be meant.
  var description: String {
    "\(name.printable) is no setting" + (nearest.map { "; \($0) is one" } ?? "")
  }

  private static func nearest(to name: String, among known: [String]) -> String? {
    let distances = known.map { (name: $0, distance: distance(name, $0)) }
    guard let best = distances.min(by: { $0.distance < $1.distance }),
      best.distance <= max(2, name.utf8.count / 4)
    else { return nil }
    return best.name
  }

  /// How many characters must be put in, left out or replaced (Levenshtein's distance).
  private static func distance(_ one: String, _ other: String) -> Int {
    let other = Array(other.utf8)
    var row = Array(0...other.count)
    for (line, byte) in one.utf8.enumerated() {
      var corner = row[0]
      row[0] = line + 1
      for (column, theirs) in other.enumerated() {
        let replaced = corner + (byte == theirs ? 0 : 1)
        corner = row[column + 1]
        row[column + 1] = min(replaced, corner + 1, row[column] + 1)
      }
    }
    return row[other.count]
  }
}
