import XCTest

@testable import drill

/// By when a change counts as seen.
final class SightingsTests: XCTestCase {
  func testTheLastOldAnswerAndTheFirstNewOneAfterItAreTold() throws {
    let sightings = Sightings(
      of: [change(10, .leads(1))],
      in: [
        [answer(9, .leads(0)), answer(11, .leads(0)), answer(12, .leads(1))],
        [answer(10.5, .leads(1)), answer(10.7, .leads(0)), answer(10.9, .leads(1))],
      ])
    XCTAssertEqual(sightings.sightings.map(\.stale), [[11], [10.7]])
    XCTAssertEqual(sightings.staleSeconds, [1])
    XCTAssertEqual(try XCTUnwrap(sightings.seenSeconds.first), 2.1, accuracy: 0.001)
  }

  func testAnswersThatTellNothingAreNotOld() {
    let answers = [answer(11, .nothing), answer(12, .gone), answer(13, .nothing)]
    let sightings = Sightings(of: [change(10, .gone)], in: [answers])
    XCTAssertEqual(sightings.staleSeconds, [0])
  }

  func testOfARequestUnderWayAtACommitEitherAnswerIsRight() {
    let sightings = Sightings(
      of: [change(10, .leads(1)), change(20, .leads(2))],
      in: [
        [
          Asker.Answer(sent: 9.9, received: 10.1, reply: .leads(0)),
          Asker.Answer(sent: 19.9, received: 20.1, reply: .leads(2)),
        ]
      ])
    XCTAssertEqual(sightings.staleSeconds, [0, 0])
  }

  func testAPlaceThatNeverSeesAChangeIsOldUntilTheNextOne() {
    let answers = (1...30).map { answer(Double($0), .leads(0)) }
    let sightings = Sightings(of: [change(10, .gone), change(20, .leads(0))], in: [answers])
    XCTAssertEqual(sightings.staleSeconds, [9, 0])
    XCTAssertNil(sightings.sightings[0].seen)
  }

  func testARepliesHeadIsReadFromFastCGIAndFromHTTP() {
    let location = "Location: https://example.com/change/17\r\n\r\n"
    XCTAssertEqual(reply("\0\u{1}Status: 301 Moved Permanently\r\n" + location), .leads(17))
    XCTAssertEqual(
      reply("HTTP/1.1 301 Moved Permanently\r\nContent-Length: 5\r\n" + location), .leads(17))
    XCTAssertEqual(reply("HTTP/1.1 410 Gone\r\n\r\n"), .gone)
    XCTAssertEqual(reply("Status: 404 Not Found\r\n\r\n"), .missing)
    XCTAssertEqual(reply("Status: 530 Handed On\r\n\r\n"), .nothing)
    XCTAssertNil(reply("Status"))
    XCTAssertNil(reply(""))
  }

  private func reply(_ head: String) -> Reply? {
    Array(head.utf8).withUnsafeBufferPointer(Reply.init)
  }

  private func change(_ at: Double, _ reply: Reply) -> Sightings.Change {
    Sightings.Change(at: at, reply: reply)
  }

  private func answer(_ sent: Double, _ reply: Reply) -> Asker.Answer {
    Asker.Answer(sent: sent, received: sent + 0.1, reply: reply)
  }
}
