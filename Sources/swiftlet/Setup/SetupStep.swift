import ArgumentParser

/// One step of `swiftlet setup`: it finds what is there, and makes what is missing.
protocol SetupStep {
  /// What it looks after; the line before its result.
  var title: String { get }

  /// Makes what is missing, unless it `isDry`.
  ///
  /// - Throws: `SetupFailure`, or what `Outcome` can report.
  func run(_ host: SetupHost, isDry: Bool) throws -> SetupResult
}

/// The result of a step that has not failed.
struct SetupResult {
  /// How its line begins.
  enum Word: String {
    /// All is as it should be.
    case ok
    case made
    /// It was there, and was not changed.
    case kept
    /// What a run without `--dry-run` would do.
    case wouldMake = "would make"
  }

  let word: Word
  let detail: String
  /// Further lines: what the operator should know or change.
  var remarks: [String] = []

  static func ok(_ detail: String, remarks: [String] = []) -> SetupResult {
    SetupResult(word: .ok, detail: detail, remarks: remarks)
  }

  static func kept(_ detail: String) -> SetupResult { SetupResult(word: .kept, detail: detail) }

  static func made(_ detail: String, isDry: Bool = false, remarks: [String] = []) -> SetupResult {
    SetupResult(word: isDry ? .wouldMake : .made, detail: detail, remarks: remarks)
  }

  var lines: [String] { ["\(word.rawValue): \(detail)"] + remarks }
}

/// A step that can't be done, with what the operator should do.
struct SetupFailure: Error {
  let reason: String
  /// The first line says what to do; the others are commands.
  let advice: [String]
  let status: ExitCode

  init(_ reason: String, do advice: String..., status: ExitCode) {
    self.init(reason, advice: advice, status: status)
  }

  init(_ reason: String, advice: [String], status: ExitCode) {
    self.reason = reason
    self.advice = advice
    self.status = status
  }

  /// From a finding of `swiftlet doctor`.
  init(_ finding: Finding, status: ExitCode = Outcome.unavailable) {
    self.init(
      "\(finding.subject): \(finding.detail)", advice: finding.advice.map { [$0] } ?? [],
      status: status)
  }
}
