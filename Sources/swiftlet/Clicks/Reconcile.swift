import ArgumentParser
import Clicks
import JSON
import Service
import Stores

/// `swiftlet clicks reconcile`: nginx's log of answered redirects against the stored clicks.
struct Reconcile: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare the redirects that nginx answered with the clicks that are stored.",
    discussion: """
      Reads nginx's access.log by hour. Clicks that are not stored are looked for in the journals; \
      those are on their way, or --put-back sends them again, and each counts once. What neither \
      has may be with RabbitMQ, so ClickHouse is asked for it again until --wait is over. Exits with \
      1 if there are redirects of which nobody has the click.
      """)

  @Option(help: "From when on, as 2026-11-22T20:00:00Z.")
  var since: String

  @Option(help: "nginx's log; may be given several times.")
  var log: [String] = ["/var/log/nginx/access.log"]

  @Option(help: "Seconds to wait for clicks that are with RabbitMQ.")
  var wait = 10

  @Flag(help: "Send again what a journal still holds and ClickHouse lacks.")
  var putBack = false

  @OptionGroup var output: OutputOptions

  private struct Hour {
    var answered = 0
    var stored = 0
    var held = 0
    var missing: Int { answered - stored - held }
  }

  func validate() throws {
    guard sinceSeconds != nil else {
      throw ValidationError("--since should be a time like 2026-11-22T20:00:00Z")
    }
    guard 0...3600 ~= wait else { throw ValidationError("--wait should be from 0 to 3600 seconds") }
  }

  func run() throws {
    try Outcome.reporting {
      let ledger = try ClickLedger(Installation().settings)
      let since = sinceSeconds ?? 0
      var answered: [EventID: Int64] = [:]
      do {
        for path in log {
          try RequestLog(path: path).forEachRedirect { redirect in
            if redirect.seconds >= since { answered[redirect.event] = redirect.seconds }
          }
        }
      } catch let error as RequestLog.Unreadable {
        Outcome.complain("\(error.path): \(error.reason)")
        throw Outcome.configuration
      }
      let latest = answered.values.max() ?? since
      let (stored, held) = try look(ledger, for: Set(answered.keys), since...max(since, latest))
      if putBack { _ = try ledger.putBack(held.values) }

      var hours: [Int64: Hour] = [:]
      for (event, seconds) in answered {
        var hour = hours[seconds / 3600] ?? Hour()
        hour.answered += 1
        if stored.contains(event) {
          hour.stored += 1
        } else if held[event] != nil {
          hour.held += 1
        }
        hours[seconds / 3600] = hour
      }
      let missing = answered.keys.filter { !stored.contains($0) && held[$0] == nil }
        .map(\.description).sorted()
      show(hours.sorted { $0.key < $1.key }, missing)
      guard missing.isEmpty else { throw Outcome.notFound }
    }
  }

  /// What is stored, and what of the rest a journal holds; until that is all, or the wait is over.
  private func look(
    _ ledger: ClickLedger, for answered: Set<EventID>, _ seconds: ClosedRange<Int64>
  ) throws -> (stored: Set<EventID>, held: [EventID: Click]) {
    let end = SystemClock.bootMilliseconds() + Int64(wait) * 1000
    var isWaiting = false
    while true {
      let stored = try ledger.stored(seconds)
      let absent = answered.subtracting(stored)
      let held = try ledger.held(absent)
      let missing = absent.count - held.count
      guard missing > 0, SystemClock.bootMilliseconds() < end, !Signals.stopRequested else {
        return (stored, held)
      }
      if !isWaiting {
        Outcome.note("waiting for clicks that may be with RabbitMQ: \(missing)")
        isWaiting = true
      }
      Pause.milliseconds(1000)
    }
  }

  private var sinceSeconds: Int64? {
    Array(since.utf8).withUnsafeBufferPointer { RFC3339.parse($0) }.map { $0 / 1000 }
  }

  private func show(_ hours: [(key: Int64, value: Hour)], _ missing: [String]) {
    output.print(
      json: { writer in
        writer.beginObject()
        writer.key("hours")
        writer.beginArray()
        for (hour, counts) in hours {
          writer.beginObject()
          writer.key("hour")
          writer.string(RFC3339.string(seconds: hour * 3600))
          for (name, count) in [
            ("answered", counts.answered), ("stored", counts.stored), ("in_journals", counts.held),
            ("missing", counts.missing),
          ] {
            writer.key(name)
            writer.number(count)
          }
          writer.endObject()
        }
        writer.endArray()
        writer.key("missing")
        writer.beginArray()
        for event in missing { writer.string(event) }
        writer.endArray()
        writer.endObject()
      },
      text: {
        let lines = hours.map { hour, counts in
          [counts.answered, counts.stored, counts.held, counts.missing]
            .reduce(RFC3339.string(seconds: hour * 3600)) { $0 + "  " + Self.column($1) }
        }
        let header = "hour                    answered     stored  in journals  missing"
        return ([header] + lines + missing.map { "missing \($0)" }).joined(separator: "\n")
      })
  }

  private static func column(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: " ", count: max(0, 9 - text.utf8.count)) + text
  }
}
