import TestSupport
import XCTest

@testable import Visitors

final class TextAutomatonTests: XCTestCase {
  private func matches(_ automaton: TextAutomaton, _ text: [UInt8]) -> [[Int]] {
    var found: [[Int]] = []
    text.withUnsafeBufferPointer { bytes in
      automaton.forEachMatch(in: bytes) { found.append([$1, $0]) }
    }
    return found.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
  }

  func testEachPlaceOfEachTextIsFoundHoweverManyStatesHaveRows() {
    var random = SplitMix64(seed: 5)
    for _ in 0..<400 {
      func text(_ length: ClosedRange<Int>) -> [UInt8] {
        (0..<Int.random(in: length, using: &random)).map { _ in
          UInt8.random(in: 0x61...0x63, using: &random)
        }
      }
      let texts = Array(Set((0..<Int.random(in: 1...12, using: &random)).map { _ in text(1...5) }))
      let automaton = TextAutomaton(texts, rowEntries: Int.random(in: 0...200, using: &random))
      let searched = text(0...60)
      var expected: [[Int]] = []
      for end in 0...searched.count {
        for (number, text) in texts.enumerated()
        where searched[..<end].suffix(text.count).elementsEqual(text) {
          expected.append([end, number])
        }
      }
      expected.sort { ($0[0], $0[1]) < ($1[0], $1[1]) }
      XCTAssertEqual(matches(automaton, searched), expected)
    }
  }

  func testATextMayBeBoundToTheBeginningOrTheEnd() {
    let (begin, end) = (TextAutomaton.begin, TextAutomaton.end)
    let automaton = TextAutomaton([[begin, 0x61], [0x62, end], [begin, 0x63, end]])
    XCTAssertEqual(matches(automaton, Array("ab".utf8)), [[1, 0], [2, 1]])
    XCTAssertEqual(matches(automaton, Array("ba".utf8)), [])
    XCTAssertEqual(matches(automaton, Array("c".utf8)), [[1, 2]])
    XCTAssertEqual(matches(automaton, Array("cc".utf8)), [])
    XCTAssertEqual(matches(automaton, []), [])
  }

  func testWithoutTextsNothingIsFound() {
    XCTAssertEqual(matches(TextAutomaton([]), Array("abc".utf8)), [])
  }
}
