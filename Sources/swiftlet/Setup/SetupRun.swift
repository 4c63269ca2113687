import ArgumentParser
import Glibc

/// The steps of `swiftlet setup`, one after the other: a line before each, and one after it.
struct SetupRun {
  let isDry: Bool

  /// Performs a step.
  ///
  /// - Throws: The exit status of the whole run, after the failure is reported.
  func perform(_ step: some SetupStep) throws {
    say(step.title)
    do {
      try Outcome.reporting(by: report) {
        let result = try step.run(SetupHost(), isDry: isDry)
        for line in result.lines { say("  " + line) }
      }
    } catch let failure as SetupFailure {
      report(failure.reason, advice: failure.advice)
      throw failure.status
    }
  }

  /// Prints a line at once: a step may take long, and its failure is told on stderr.
  private func say(_ line: String) {
    print(line)
    fflush(nil)
  }

  private func report(_ reason: String) { report(reason, advice: []) }

  private func report(_ reason: String, advice: [String]) {
    Outcome.note("  FAILED: \(reason)")
    for (index, line) in advice.enumerated() {
      Outcome.note(index == 0 ? "  do: \(line)" : "      \(line)")
    }
    Outcome.note("Then run swiftlet setup again: it goes on where it stopped.")
  }
}
