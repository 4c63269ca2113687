import XCTest

/// What counts as a sentence, and as a word of one.
final class ProseTests: XCTestCase {
  private func sentences(_ text: String) -> [String] {
    Prose(markdown: text).sentences.map { $0.words.joined(separator: " ") }
  }

  func testASentenceEndsAtAFullStopAcrossLines() {
    XCTAssertEqual(
      sentences("One two\nthree. Four (five.) Six!\n\nSeven, e.g. eight"),
      ["One two three.", "Four (five.)", "Six!", "Seven, e.g. eight"])
  }

  func testACodeSpanIsOneWordAndItsFullStopsEndNothing() {
    XCTAssertEqual(
      sentences("Call `a. b. c` first, or `d`. Then ` is odd."),
      ["Call `code` first, or `code`.", "Then is odd."])
  }

  func testBlocksTablesAndHTMLCommentsAreNoSentences() {
    let text = """
      Before
      ```
      a block. of code
      ```
      | a | table |
      <!-- a note
      of two lines -->
      After
      """
    XCTAssertEqual(sentences(text), ["Before", "After"])
  }

  func testAHeadingAndAnItemStandForThemselves() {
    XCTAssertEqual(
      sentences("# Title\nText\n* one\n  and more\n- two\n10. three"),
      ["Title", "Text", "one and more", "two", "three"])
  }

  func testALinkCountsByItsText() {
    XCTAssertEqual(
      sentences("See [the page](https://a.example/b. c) now."), ["See [the page) now."])
  }

  func testASentenceHasTheLineOnWhichItBegins() {
    let prose = Prose(markdown: "# Title\n\nOne `code\nspan` two. Three\nfour. Five.\n- Six")
    XCTAssertEqual(prose.sentences.map(\.line), [1, 3, 4, 5, 6])
  }

  func testACommentEndsWithItsLines() {
    let source = """
      /// One
      /// two.
      ///
      /// Three.
      let a = 1  // not read
        // Four
      let b = "// not read"
      """
    let prose = Prose(commentsOf: source)
    XCTAssertEqual(prose.sentences.map(\.line), [1, 4, 6])
    XCTAssertEqual(prose.sentences.map(\.words), [["One", "two."], ["Three."], ["Four"]])
  }

  func testAListedTermIsFoundInAnyPlaceUnlessItIsOneOfTheBeginning() {
    XCTAssertEqual(Term.first(in: ["it", "is", "let", "go"])?.instead, "drop, or release")
    XCTAssertNil(Term.first(in: ["let", "it", "go"]))
    XCTAssertNil(Term.first(in: ["to", "let"]))
    XCTAssertEqual(Term.first(in: ["nor", "this"])?.words, ["nor"])
    XCTAssertNil(Term.first(in: ["neither", "this", "nor", "that"]))
  }
}
