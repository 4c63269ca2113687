/// A sentence of a comment or a handbook.
struct Sentence {
  /// The line on which it begins, counted from 1.
  let line: Int
  /// Its words; a code span is one word.
  let words: [String]
}

/// The sentences of a text in Markdown.
///
/// Fenced blocks, tables, HTML comments and the addresses of links are left out. Headings and items of
/// lists stand for themselves.
struct Prose {
  /// The word that replaces a code span, whose content is no English.
  private static let code = "code"
  /// Words that end in a full stop and end no sentence.
  private static let abbreviations: Set<String> = ["e.g.", "i.e.", "vs.", "cf."]

  private(set) var sentences: [Sentence] = []
  /// The lines of the present paragraph.
  private var paragraph: [Substring] = []
  /// The number of its first line.
  private var start = 0
  private var isFenced = false
  private var isHidden = false

  /// Reads a handbook.
  init(markdown text: String) {
    for (index, line) in Self.lines(of: text) { read(line, number: index + 1) }
    endParagraph()
  }

  /// Reads the comments of a Swift source that have lines of their own.
  init(commentsOf source: String) {
    for (index, line) in Self.lines(of: source) {
      let text = line.drop { $0 == " " }
      if text.hasPrefix("//") {
        read(text.drop { $0 == "/" }, number: index + 1)
      } else {
        endParagraph()
        isFenced = false
      }
    }
    endParagraph()
  }

  private static func lines(of text: String) -> EnumeratedSequence<[Substring]> {
    text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
  }

  private mutating func read(_ line: Substring, number: Int) {
    let text = line.drop { $0 == " " }
    if text.hasPrefix("```") {
      endParagraph()
      isFenced.toggle()
    } else if !isFenced, !hides(text) {
      let content = Self.withoutMarker(text)
      if content.isEmpty || content.startIndex > text.startIndex { endParagraph() }
      guard !content.isEmpty else { return }
      if paragraph.isEmpty { start = number }
      paragraph.append(content)
      if text.hasPrefix("#") { endParagraph() }
    }
  }

  /// Whether a line is part of a table or of an HTML comment.
  private mutating func hides(_ text: Substring) -> Bool {
    if text.hasPrefix("<!--") { isHidden = true }
    defer { if text.contains("-->") { isHidden = false } }
    let isHidden = isHidden || text.hasPrefix("|")
    if isHidden { endParagraph() }
    return isHidden
  }

  /// A line without the marker of a heading or of an item of a list.
  private static func withoutMarker(_ text: Substring) -> Substring {
    let marker = text.prefix { $0 != " " }
    let isHeading = !marker.isEmpty && marker.allSatisfy { $0 == "#" }
    let isNumber =
      marker.last == "." && marker.count > 1 && marker.dropLast().allSatisfy(\.isNumber)
    guard isHeading || isNumber || ["-", "*", "+"].contains(marker) else { return text }
    return text[marker.endIndex...].drop { $0 == " " }
  }

  private mutating func endParagraph() {
    var sentence: (line: Int, words: [String]) = (start, [])
    func end() {
      if !sentence.words.isEmpty {
        sentences.append(Sentence(line: sentence.line, words: sentence.words))
      }
      sentence.words = []
    }
    for (index, line) in Self.lines(of: Self.plain(paragraph.joined(separator: "\n"))) {
      for word in line.split(separator: " ") {
        if sentence.words.isEmpty { sentence.line = start + index }
        if word.contains(where: { $0.isLetter || $0.isNumber }) {
          sentence.words.append(String(word))
        }
        if Self.endsSentence(word) { end() }
      }
    }
    end()
    paragraph = []
  }

  private static func endsSentence(_ word: Substring) -> Bool {
    guard !abbreviations.contains(word.lowercased()) else { return false }
    let end = word.reversed().first { !")]\"'*_”’".contains($0) }
    return end == "." || end == "!" || end == "?"
  }

  /// A paragraph with its code spans replaced, and without the addresses of its links.
  private static func plain(_ paragraph: String) -> String {
    var parts = paragraph.split(separator: "`", omittingEmptySubsequences: false)
    // The last of an even number opens a span that nothing closes.
    for index in parts.indices where index % 2 == 1 && index + 1 < parts.count {
      parts[index] = Substring(code + parts[index].filter { $0 == "\n" })
    }
    let pieces = parts.joined(separator: "`").split(
      separator: "](", omittingEmptySubsequences: false)
    return pieces[0] + pieces.dropFirst().map { $0.drop { $0 != ")" } }.joined()
  }
}
