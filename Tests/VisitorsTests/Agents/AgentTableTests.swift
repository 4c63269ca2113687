import TestSupport
import XCTest

@testable import Visitors

final class AgentTableTests: XCTestCase {
  private func agent(_ text: String) -> Agent {
    var text = text
    return text.withUTF8 { AgentTable.shared.agent($0) }
  }

  /// `Tests/Examples/user-agents.tsv`: the commonest browsers and bots, and some that are hard to tell.
  func testEachExampleIsTakenForWhatItIs() throws {
    let examples = try ExampleTable.lines("Tests/Examples/user-agents.tsv")
    XCTAssertGreaterThan(examples.count, 80)
    for row in examples {
      let agent = agent(row[5])
      let found = [
        "\(agent.bot)", "\(agent.device)", "\(agent.system)", "\(agent.browser)",
        "\(agent.browserMajor)",
      ]
      for (value, expected) in zip(found, row) where expected != "*" {
        XCTAssertEqual(value, expected, row[5])
      }
    }
  }

  func testARequestWithoutAUserAgentIsABotOfItsOwnClass() {
    XCTAssertEqual(agent(""), Agent(bot: .anonymous))
    XCTAssertEqual(agent(" ").bot, .person)
  }

  func testEachTextOfTheListIsFoundWhereverItMayStand() {
    var count = 0
    BotList.visit { text, _ in
      count += 1
      let isFirst = text.first == TextAutomaton.begin
      let isLast = text.last == TextAutomaton.end
      let middle = text.dropFirst(isFirst ? 1 : 0).dropLast(isLast ? 1 : 0)
      let agent = (isFirst ? [] : Array("Mozilla/5.0 ".utf8)) + middle
      let whole = agent + (isLast ? [] : Array(" x".utf8))
      XCTAssertTrue(
        whole.withUnsafeBufferPointer { AgentTable.shared.agent($0) }.isBot,
        String(decoding: whole, as: UTF8.self))
    }
    XCTAssertGreaterThan(count, 1400)
  }

  func testWithoutBotsEverythingElseIsTheSame() throws {
    let agents = try ExampleTable.lines("Tests/Examples/user-agents.tsv").map { Array($0[5].utf8) }
    agents.forEach(assertTheSameWithoutBots)
    var pieces = agents
    BotList.visit { text, _ in pieces.append(text) }
    let names =
      AgentTokens.browsers.flatMap(\.1) + AgentTokens.systems.flatMap(\.1)
      + AgentTokens.hints.flatMap(\.1) + AgentTokens.botWords + AgentTokens.bot + ["7", " ", "/"]
    // As many as all others, so that a mix has several.
    while pieces.count < 3000 { pieces += names.map { Array($0.utf8) } }
    var random = SplitMix64(seed: 11)
    for _ in 0..<3000 {
      let mix = (0..<Int.random(in: 1...8, using: &random)).flatMap { _ in
        // A part of a name, too: names that overlap are told apart only so.
        let piece = pieces.randomElement(using: &random) ?? []
        return piece.prefix(Int.random(in: 0...2 * piece.count, using: &random))
      }
      assertTheSameWithoutBots(mix)
    }
  }

  private func assertTheSameWithoutBots(_ text: [UInt8]) {
    text.withUnsafeBufferPointer { bytes in
      let agent = AgentTable.shared.agent(bytes)
      let expected = Agent(
        bot: bytes.isEmpty ? .anonymous : .person, device: agent.device, system: agent.system,
        browser: agent.browser, browserMajor: agent.browserMajor)
      XCTAssertEqual(
        AgentTable.withoutBots.agent(bytes), expected, String(decoding: text, as: UTF8.self))
    }
  }

  func testOnlyTheFirst512BytesAreRead() {
    let blanks = String(repeating: " ", count: 500)
    XCTAssertEqual(agent(blanks + "Googlebot/").bot, .search)
    XCTAssertEqual(agent(blanks + "        Googlebot/").bot, .person)
  }

  func testAnyBytesAreRead() {
    var random = SplitMix64(seed: 9)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...600, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      _ = bytes.withUnsafeBufferPointer { AgentTable.shared.agent($0) }
    }
    XCTAssertEqual(agent("Chrome/99999999999999999999").browserMajor, 0)
    XCTAssertEqual(agent("Chrome/65536").browserMajor, 0)
    XCTAssertEqual(agent("Chrome/").browserMajor, 0)
  }

  /// Stored rows have the numbers.
  func testNoNumberGoesToAnotherMeaning() {
    XCTAssertEqual(BotClass.allCases.map(\.rawValue), Array(0...14))
    XCTAssertEqual(OperatingSystem.allCases.map(\.rawValue), Array(0...15))
    XCTAssertEqual(DeviceKind.allCases.map(\.rawValue), Array(0...5))
    XCTAssertEqual(Browser.allCases.map(\.rawValue), Array(0...18) + Array(32...41))
  }
}
