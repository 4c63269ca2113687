import TestSupport

extension DoctorReport {
  /// The findings of one run as an operator has it, in databases of its own.
  init(_ variables: [String: String], _ words: String...) throws {
    try self.init(words, environment: CommandLineTool().environment.merging(variables) { $1 })
  }
}
