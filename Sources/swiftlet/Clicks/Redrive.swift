import ArgumentParser
import JSON
import Ledger
import Service

/// `swiftlet clicks redrive`: replays the dead letters.
struct Redrive: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Replay the dead letters: move them to the queue of clicks.",
    discussion: """
      For lines that a newer consumer can read. Each counts once, however often it is replayed. \
      Lines that still can't be read are dead-lettered again.
      """)

  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let tally = try DeadLetters(Installation().settings).redrive()
      output.print(
        json: { writer in
          writer.beginObject()
          writer.key("put_back")
          writer.number(tally.replayed)
          writer.key("empty")
          writer.number(tally.empty)
          writer.endObject()
        }, text: { "\(tally.replayed) dead letters replayed" })
    }
  }
}
