import ArgumentParser
import Carry
import JSON
import Logging
import Metrics
import Service

/// `swiftlet clicks carry`: copies old clicks into the tables by link.
struct CarryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "carry",
    abstract: "Bring the clicks of earlier releases into the tables by link.",
    discussion: """
      Clicks and their counts were kept by short code once. This copies them into the tables of \
      today, compares them batch by batch, and then drops the old ones. It works beside the consumer, \
      may be ended at any time, and goes on where it was. One works at a time; a second one waits.

      supervisord runs it after an update, and it ends by itself. It writes a line of JSON an event to \
      stderr. Exits with 65 if the tables differ: nothing is dropped then.
      """)

  @Option(help: "Clicks a second; 0 for no limit.")
  var rate = 50_000

  @Option(help: "Clicks of one insert, about; fewer take less of ClickHouse's memory.")
  var rows = 100_000

  @Flag(help: "Leave the old tables where they are; the next run without this drops them.")
  var keep = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard 0...100_000_000 ~= rate else {
      throw ValidationError("--rate should be from 0 to 100000000 clicks a second")
    }
    guard 1...500_000 ~= rows else {
      throw ValidationError("--rows should be from 1 to 500000 clicks")
    }
  }

  func run() throws {
    try Outcome.reporting {
      let settings = try Installation().settings
      let log = Log.make("carry", level: settings.logLevel)
      let meter = MetricsDirectory(settings).meter(.carry, log: log)
      let carry = try Carry(
        CarrySettings(settings, rate: rate, keepsOldTables: keep, rangeRows: rows),
        log: log, meter: meter)
      let end = try carry.run()
      output.print(
        json: { writer in
          writer.beginObject()
          writer.key("end")
          writer.string(end.rawValue)
          writer.endObject()
        }, text: { end.text })
      if end == .stopped { throw Outcome.interrupted }
    }
  }
}

extension Carry.End {
  fileprivate var text: String {
    switch self {
    case .nothing: "There is nothing to carry."
    case .complete: "All clicks are carried, and the old tables are gone."
    case .kept: "All clicks are carried; the old tables are kept."
    case .stopped: "Stopped; the next run goes on from here."
    }
  }
}
