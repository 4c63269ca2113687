import Clicks
import JSON
import Ledger
import Text

/// The report of `swiftlet clicks reconcile`.
struct ReconcileReport {
  let account: Reconciliation
  let coverage: LogCoverage

  func print(_ output: OutputOptions) {
    output.print(json: write, text: { text })
  }

  private var hours: [(key: Int64, value: Reconciliation.Hour)] {
    account.hours.sorted { $0.key < $1.key }
  }

  private var missing: [String] { account.missing.map(\.description).sorted() }

  // MARK: - JSON

  private func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("log")
    writeLog(to: &writer)
    writer.key("hours")
    writer.beginArray()
    for (hour, counts) in hours {
      writer.beginObject()
      writer.key("hour")
      writer.string(RFC3339.string(seconds: hour * 3600))
      write(
        [
          ("answered", counts.answered), ("stored", counts.stored), ("in_journals", counts.held),
          ("deleted", counts.deleted), ("missing", counts.missing),
        ], to: &writer)
      writer.endObject()
    }
    writer.endArray()
    writer.key("missing")
    writer.beginArray()
    for event in missing { writer.string(event) }
    writer.endArray()
    write(
      [("missing_total", account.missingCount), ("deleted_total", account.deletedCount)],
      to: &writer)
    if let replayed = account.replayed {
      write([("replayed", replayed.written), ("refused", replayed.refused)], to: &writer)
    }
    writer.endObject()
  }

  private func writeLog(to writer: inout JSONWriter) {
    writer.beginObject()
    write([("lines", coverage.lines), ("unreadable", coverage.unreadable)], to: &writer)
    for (name, seconds) in [("from", coverage.span?.lowerBound), ("to", coverage.span?.upperBound)]
    {
      guard let seconds else { continue }
      writer.key(name)
      writer.string(RFC3339.string(seconds: seconds))
    }
    writer.key("files")
    writer.beginArray()
    for file in coverage.files {
      writer.beginObject()
      writer.key("path")
      writer.string(file.path)
      write([("lines", file.lines), ("unreadable", file.unreadable)], to: &writer)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
  }

  private func write(_ numbers: [(String, Int)], to writer: inout JSONWriter) {
    for (name, number) in numbers {
      writer.key(name)
      writer.number(number)
    }
  }

  // MARK: - Text

  private var text: String {
    var lines = coverage.files.map { file in
      "read \(file.lines) lines of \(file.path)"
        + (file.unreadable == 0 ? "" : ", \(file.unreadable) of them unreadable")
    }
    if let span = coverage.span {
      let (from, to) = (span.lowerBound, span.upperBound)
      lines.append("from \(RFC3339.string(seconds: from)) to \(RFC3339.string(seconds: to))")
    }
    lines += ["", "hour                   answered     stored  journals    deleted    missing"]
    lines += hours.map { hour, counts in
      [counts.answered, counts.stored, counts.held, counts.deleted, counts.missing]
        .reduce(RFC3339.string(seconds: hour * 3600)) { $0 + "  " + Self.column($1) }
    }
    lines += missing.map { "missing \($0)" }
    let unnamed = account.missingCount - account.missing.count
    if unnamed > 0 { lines.append("missing \(unnamed) more") }
    if let replayed = account.replayed {
      lines.append("replayed \(replayed.written) clicks, \(replayed.refused) refused")
    }
    return lines.joined(separator: "\n")
  }

  private static func column(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: " ", count: max(0, 9 - text.utf8.count)) + text
  }
}
