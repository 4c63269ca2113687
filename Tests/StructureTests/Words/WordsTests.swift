import Foundation
import XCTest

/// Comments and handbooks are for an engineer who reads English as a second language.
///
/// By the house rules a sentence has at most 22 words; these tests refuse one of more than 30. The terms
/// of the field are in `Term`, beside the words that they replace.
final class WordsTests: XCTestCase {
  /// The limit of words in a sentence.
  private static let limit = 30

  func testNoSentenceOfACommentIsTooLong() throws {
    assertNone(of: try Self.comments.get(), Self.length)
  }

  func testCommentsUseTheTermsOfTheField() throws {
    assertNone(of: try Self.comments.get(), Self.terms)
  }

  func testNoSentenceOfAHandbookIsTooLong() throws {
    assertNone(of: try handbooks(), Self.length)
  }

  func testHandbooksUseTheTermsOfTheField() throws {
    assertNone(of: try handbooks(), Self.terms)
  }

  /// Fails with one line for each complaint: the place, what is wrong, and the sentence's beginning.
  private func assertNone(
    of texts: [(name: String, prose: Prose)], _ complaint: (Sentence) -> String?
  ) {
    let complaints = texts.flatMap { text in
      text.prose.sentences.compactMap { sentence in
        complaint(sentence).map {
          "\(text.name):\(sentence.line): \($0): \(sentence.words.prefix(12).joined(separator: " ")) …"
        }
      }
    }
    XCTAssertTrue(complaints.isEmpty, "\n" + complaints.joined(separator: "\n"))
  }

  private static func length(_ sentence: Sentence) -> String? {
    let count = sentence.words.count
    return count > limit ? "a sentence of \(count) words, the limit is \(limit)" : nil
  }

  private static func terms(_ sentence: Sentence) -> String? {
    Term.first(in: sentence.words.map(withoutMarks)).map {
      "“\($0.words.joined(separator: " "))”, write: \($0.instead)"
    }
  }

  /// A word in lower case, without the punctuation around it.
  private static func withoutMarks(_ word: String) -> String {
    var letters = word.lowercased()[...]
    while let first = letters.first, !first.isLetter { letters.removeFirst() }
    while let last = letters.last, !last.isLetter { letters.removeLast() }
    return String(letters)
  }

  /// The comments of each Swift source, read once.
  private static let comments = Result {
    let texts = try files(["Sources", "Tests"], "swift").map {
      (name: $0.name, prose: Prose(commentsOf: $0.text))
    }
    XCTAssertGreaterThan(texts.count, 300)
    return texts
  }

  /// The README and the handbooks beside their subjects.
  private func handbooks() throws -> [(name: String, prose: Prose)] {
    let parts = ["README.md", "Sources", "Tests", "supervisor", "nginx-config", "migrations"]
    let texts = try Self.files(parts, "md").map { ($0.name, Prose(markdown: $0.text)) }
    XCTAssertGreaterThan(texts.count, 4)
    return texts
  }

  /// The files of some parts of the repository whose names end so.
  private static func files(
    _ parts: [String], _ ending: String
  ) throws -> [(name: String, text: String)] {
    let root = Rooms.root.path
    let paths = parts.flatMap { part in
      [part]
        + (FileManager.default.enumerator(atPath: "\(root)/\(part)")?
          .compactMap { ($0 as? String).map { "\(part)/\($0)" } } ?? [])
    }
    return try paths.filter { $0.hasSuffix("." + ending) }.sorted().map {
      ($0, try String(contentsOfFile: "\(root)/\($0)", encoding: .utf8))
    }
  }
}
