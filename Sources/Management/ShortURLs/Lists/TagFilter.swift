import API

/// Which tags the links of a list have, or don't have.
package struct TagFilter: Equatable, Sendable {
  package enum Mode: String, CaseIterable, Sendable {
    /// At least one of the tags.
    case any
    /// Each of the tags.
    case all
  }

  package let names: [TagName]
  package let mode: Mode

  package init(_ names: [TagName] = [], _ mode: Mode = .any) {
    self.names = names
    self.mode = mode
  }

  /// Reads a list of tags and the mode beside it.
  init(
    from reader: inout InputReader, _ list: String, _ summary: String, mode: String,
    _ modeSummary: String
  ) {
    let names = reader.parameters(list, .tag, atMost: TagName.limitOfLink, summary)
    let mode = reader.parameter(mode, .word(sample: Mode.any), modeSummary)
    self.init(Set(names).sorted(), mode ?? .any)
  }

  /// What tells it from all others, for cursors.
  var texts: [String] { names.isEmpty ? [] : [mode.rawValue] + names.map(\.description) }
}
