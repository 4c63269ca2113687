/// Columns for people, as wide as what stands in them.
struct Table {
  private var rows: [[String]]

  init(_ titles: String...) {
    rows = [titles]
  }

  /// - Parameter rows: The titles, and rows with as many fields.
  init(rows: [[String]]) {
    self.rows = rows.map { $0.map(\.printable) }
  }

  /// Adds a row; characters that a terminal would obey are replaced.
  mutating func add(_ fields: String...) {
    rows.append(fields.map(\.printable))
  }

  /// The rows, with a blank column between two.
  var text: String {
    let widths = rows[0].indices.map { column in
      rows.map { $0[column].unicodeScalars.count }.max() ?? 0
    }
    return rows.map { row in
      zip(row, widths).enumerated().map { column, field in
        let (text, width) = field
        guard column < widths.count - 1 else { return text }
        return text + String(repeating: " ", count: width - text.unicodeScalars.count)
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}
