import ArgumentParser
import JSON
import Ledger
import Service

/// `swiftlet clicks redrive`: the dead letters on their way again.
struct Redrive: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put the dead letters back into the queue of clicks.",
    discussion: """
      For lines that a newer consumer can read. Each counts once however often it is put back; \
      what still can't be read comes back to the dead letters.
      """)

  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let tally = try DeadLetters(Installation().settings).redrive()
      output.print(
        json: { writer in
          writer.beginObject()
          writer.key("put_back")
          writer.number(tally.putBack)
          writer.key("empty")
          writer.number(tally.empty)
          writer.endObject()
        }, text: { "\(tally.putBack) dead letters put back" })
    }
  }
}
