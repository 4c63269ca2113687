import Service

/// `sample.env`: every setting with its default and meaning.
enum SampleFile {
  private static let width = 100
  private static let introduction = """
    Every setting with its default, as `swiftlet settings --sample` prints it. Copy it to .env in the \
    directory that the programs run in, or to /etc/swiftlet/swiftlet.env, or name the copy in \
    SWIFTLET_ENV. A variable of the environment wins over its line here.
    """

  static func text(_ groups: [SettingGroup]) -> String {
    comment(introduction) + groups.map(section).joined()
  }

  private static func section(_ group: SettingGroup) -> String {
    let title = "# --- \(group.title) "
    return "\n" + title + String(repeating: "-", count: max(0, width - 1 - title.count)) + "\n"
      + (group.note.isEmpty ? "" : comment(group.note) + "\n")
      + group.settings.map { comment($0.text) + "\($0.name)=\($0.fallback)\n" }.joined()
  }

  /// A text in lines of `# …`, broken at blanks.
  private static func comment(_ text: String) -> String {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append("# " + word)
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
