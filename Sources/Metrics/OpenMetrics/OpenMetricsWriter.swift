/// Writes the text format of OpenMetrics 1.0.
///
/// https://prometheus.io/docs/specs/om/open_metrics_spec/
package struct OpenMetricsWriter {
  package static let contentType = "application/openmetrics-text; version=1.0.0; charset=utf-8"

  enum Kind: String {
    case counter
    case gauge
    case histogram
    case info
  }

  private(set) var text = ""

  init() {}

  /// Begins a family.
  ///
  /// - Parameters:
  ///   - name: The family's name by the specification: without a sample's suffix, and with its unit
  ///     at the end.
  ///   - kind: Its type.
  ///   - unit: A base unit, such as `seconds`.
  ///   - help: One line.
  mutating func family(_ name: String, _ kind: Kind, unit: String? = nil, help: String) {
    text += "# TYPE \(name) \(kind.rawValue)\n"
    if let unit { text += "# UNIT \(name) \(unit)\n" }
    text += "# HELP \(name) \(Self.escaped(help))\n"
  }

  /// Writes a sample of the family just begun; `name` has the suffix of its kind.
  mutating func sample(
    _ name: String, _ labels: [(name: String, value: String)], _ value: String
  ) {
    text += name
    if !labels.isEmpty {
      let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }
      text += "{\(pairs.joined(separator: ","))}"
    }
    text += " \(value)\n"
  }

  /// Ends the text; nothing may follow.
  mutating func end() { text += "# EOF\n" }

  /// A number of `10^-places`, exactly.
  static func decimal(_ number: UInt64, places: Int) -> String {
    var digits = String(number)
    guard places > 0 else { return digits }
    if digits.utf8.count <= places {
      digits = String(repeating: "0", count: places + 1 - digits.utf8.count) + digits
    }
    let fraction = digits.suffix(places)
    let significant = fraction.utf8.lastIndex { $0 != UInt8(ascii: "0") }
    guard let significant else { return String(digits.dropLast(places)) }
    return digits.dropLast(places) + "." + fraction[...significant]
  }

  /// A bucket's bound as the specification requires it: a float, even if it is whole.
  static func bound(_ number: Int, places: Int) -> String {
    var divisor = 1.0
    for _ in 0..<places { divisor *= 10 }
    return String(describing: Double(number) / divisor)
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
