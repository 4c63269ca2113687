import ArgumentParser
import Files
import Glibc
import Service

/// The steps of `swiftlet setup`, one after the other: a line before each, and one after it.
struct SetupRun {
  let isDry: Bool
  /// The directory of the settings file, locked.
  private let lock: File?

  /// - Throws: The exit status, when another run goes on: both might choose a password.
  init(isDry: Bool) throws {
    self.isDry = isDry
    // The first step says why there is no file.
    guard !isDry, let file = try? Variables.loadOfHost().file, let path = try? File.realPath(file)
    else {
      lock = nil
      return
    }
    let directory = "/" + path.split(separator: "/").dropLast().joined(separator: "/")
    var held: File?
    try Outcome.reporting {
      let opened = try File(directory, for: .reading)
      held = try opened.lock() ? opened : nil
    }
    guard let held else {
      Outcome.complain("another swiftlet setup is under way: run this one when that has ended")
      throw Outcome.unavailable
    }
    lock = held
  }

  /// Performs a step.
  ///
  /// - Throws: The exit status of the whole run, after the failure is reported.
  func perform(_ step: some SetupStep) throws {
    do {
      try Outcome.reporting(by: report) {
        guard !Signals.stopRequested else { throw interruption() }
        try say(step.title)
        do {
          let result = try step.run(SetupHost(), isDry: isDry)
          for line in result.lines { try say("  " + line) }
        } catch {
          throw Signals.stopRequested ? interruption() : error
        }
      }
    } catch let failure as SetupFailure {
      report(failure.reason, advice: failure.advice)
      throw failure.status
    }
  }

  /// A step that has begun is brought to its end, unless it waits.
  private func interruption() -> ExitCode {
    Outcome.note("Interrupted: swiftlet setup goes on where it stopped.")
    return Outcome.interrupted
  }

  /// Prints a line at once: a step may take long, and its failure is told on stderr.
  ///
  /// - Throws: When nobody gets it; one of the lines is a key that is shown this one time.
  private func say(_ line: String) throws(FileError) {
    let bytes = Array((line + "\n").utf8)
    guard write(STDOUT_FILENO, bytes, bytes.count) == bytes.count else {
      throw FileError("write to", "stdout", code: errno)
    }
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
