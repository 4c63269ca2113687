import Foundation

/// The samples of an OpenMetrics text, as Prometheus' own parser reads them.
package struct Scrape {
  package struct Refused: Error {
    package let complaint: String
  }

  /// By `name{label=value,…}`, the labels in order.
  package let samples: [String: Double]
  /// `counter`, `gauge`, … by the same.
  package let types: [String: String]

  /// - Throws: `Refused` when the parser does.
  package init(_ text: String) throws {
    let file = NSTemporaryDirectory() + "swiftlet-scrape-\(UUID().uuidString)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    defer { try? FileManager.default.removeItem(atPath: file) }
    let (status, output) = try Command.run(
      "/bin/sh",
      [
        "-c", #"exec "$0" "$1" <"$2""#, try TestStack.value("CHDB_PYTHON"),
        Repository.url("Tests/openmetrics.py").path, file,
      ])
    guard status == 0 else { throw Refused(complaint: output) }
    var samples: [String: Double] = [:]
    var types: [String: String] = [:]
    for line in output.split(separator: "\n") {
      // A label's value may have blanks, the type and the number don't.
      guard let first = line.firstIndex(of: " "), let last = line.lastIndex(of: " ") else {
        throw Refused(complaint: output)
      }
      let name = String(line[line.index(after: first)..<last])
      samples[name] = Double(line[line.index(after: last)...])
      types[name] = String(line[..<first])
    }
    self.samples = samples
    self.types = types
  }

  /// The sum of the samples of a name that have all of these labels; nil without any.
  package func sum(_ name: String, _ labels: String...) -> Double? {
    let found = samples.filter { key, _ in
      guard key.hasPrefix(name + "{") else { return false }
      let own = key.dropFirst(name.count + 1).dropLast().split(separator: ",").map(String.init)
      return labels.allSatisfy(own.contains)
    }
    return found.isEmpty ? nil : found.values.reduce(0, +)
  }
}
