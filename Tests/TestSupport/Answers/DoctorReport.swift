import Foundation

/// The findings of one run of `swiftlet doctor`; of several with one subject, the first.
package struct DoctorReport {
  private let findings: [String: [String: String]]
  /// Its exit status.
  package let status: Int32

  /// Runs it.
  ///
  /// - Parameters:
  ///   - words: Its arguments.
  ///   - environment: Laid over the test's own.
  /// - Throws: When it prints no findings.
  package init(_ words: [String] = [], environment: [String: String]) throws {
    let program = TestStack.programs.appendingPathComponent("swiftlet").path
    let run = try Command.run(
      program, ["doctor", "--json"] + words, environment: environment)
    let list = try JSONAnswer(run.output).elements
      .map { try $0.members.mapValues { try $0.text } }
    findings = Dictionary(
      list.map { ($0["subject"] ?? "", $0) }, uniquingKeysWith: { first, _ in first })
    status = run.status
  }

  package subscript(subject: String) -> [String: String]? { findings[subject] }

  /// The subjects of what failed.
  package var failed: [String] {
    findings.filter { $0.value["state"] == "failed" }.map(\.key).sorted()
  }

  /// A finding that isn't as it should be.
  package struct Mismatch: Error, CustomStringConvertible {
    package let description: String
  }

  /// - Throws: `Mismatch` unless all is well with a subject.
  package func assertOK(
    _ subject: String, file: StaticString = #fileID, line: UInt = #line
  ) throws {
    try assert(subject, "ok", "", "", file: file, line: line)
  }

  /// - Throws: `Mismatch` unless a finding has this state, and words in its detail and its advice.
  package func assert(
    _ subject: String, _ state: String, _ detail: String, _ advice: String,
    file: StaticString = #fileID, line: UInt = #line
  ) throws {
    let finding = findings[subject] ?? [:]
    let isSo =
      finding["state"] == state
      && [("detail", detail), ("advice", advice)].allSatisfy { key, words in
        words.isEmpty || finding[key]?.contains(words) == true
      }
    guard !isSo else { return }
    throw Mismatch(description: "\(file):\(line): \(subject) isn't \(state): \(finding)")
  }
}
