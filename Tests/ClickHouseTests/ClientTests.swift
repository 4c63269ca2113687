import ClickHouse
import EngineSupport
import Glibc
import TestSupport
import XCTest

final class ClientTests: XCTestCase {
  private func block(_ texts: [[UInt8]]) -> NativeBlock {
    var numbers: [UInt8] = []
    var strings: [UInt8] = []
    for (index, text) in texts.enumerated() {
      numbers.append(fixed: UInt64(index))
      text.withUnsafeBufferPointer { strings.append(string: $0) }
    }
    var block = NativeBlock(columns: 3, rows: texts.count)
    block.add(.init("n", "UInt64"), numbers)
    block.add(.init("s", "String"), strings)
    block.add(.init("d", "Date"), repeating: UInt16(20_000), rows: texts.count)
    return block
  }

  func testABlockIsInsertedWholeAndComesBack() throws {
    let database = try ScratchClickHouse()
    let client = database.client
    defer { withExtendedLifetime(database) {} }
    try client.execute(
      "CREATE TABLE t (n UInt64, s String, d Date) ENGINE = MergeTree PARTITION BY d ORDER BY n")
    let texts: [[UInt8]] = [
      Array("plain".utf8), [], Array("tab\tline\nquote'back\\".utf8), Array("é🐦".utf8),
      [UInt8](repeating: 0x78, count: 300),
    ]
    try client.insert(
      into: "t", block(texts), queryID: "test-1",
      settings: try client.serverVersion().insertSettings, timeout: 5000)
    let rows = try client.select("SELECT s, toUInt16(d) FROM t ORDER BY n")
    XCTAssertEqual(rows.map(\.[0]), texts.map { String(decoding: $0, as: UTF8.self) })
    XCTAssertEqual(Set(rows.map(\.[1])), ["20000"])
  }

  func testABlockThatWasCutOffInsertsNothing() throws {
    let database = try ScratchClickHouse()
    let client = database.client
    defer { withExtendedLifetime(database) {} }
    try client.execute(
      "CREATE TABLE t (n UInt64, s String, d Date) ENGINE = MergeTree PARTITION BY d ORDER BY n")
    let address = client.address
    let whole = block((0..<1000).map { Array("row \($0)".utf8) }).bytes
    // What a server sees of a client that is killed: the head promises more than ever comes.
    for kept in [whole.count - 1, whole.count - 2, whole.count / 2, 20] {
      let socket = try Socket(port: address.port)
      socket.setTimeout(seconds: 10)
      try socket.send(
        Array(
          ("POST /?database=\(address.database)&query=INSERT%20INTO%20t%20(n,s,d)%20FORMAT%20Native"
            + " HTTP/1.1\r\nHost: x\r\nX-ClickHouse-User: \(address.user)\r\n"
            + "X-ClickHouse-Key: \(address.password)\r\nContent-Length: \(whole.count)\r\n\r\n")
            .utf8)
          + whole.prefix(kept))
      shutdown(socket.descriptor, Int32(SHUT_WR))
      _ = try socket.receive()
    }
    XCTAssertEqual(try client.select("SELECT count() FROM t").first, ["0"])
  }

  func testHostileValuesComeBackAsTheyAre() throws {
    let database = try ScratchClickHouse()
    let client = database.client
    defer { withExtendedLifetime(database) {} }
    for value in [
      "'; DROP TABLE x; --", "\\", "\\'", "a\tb\nc\rd", "é\u{1F426}", "%00 \u{0} x", "{x:String}",
      "?",
    ] {
      XCTAssertEqual(try client.select("SELECT \(value)").first, [value])
    }
    var random = SplitMix64(seed: 5)
    for _ in 0..<100 {
      let bytes = (0..<40).map { _ in UInt8.random(in: 1...127, using: &random) }
      let rows = try client.select("SELECT \(bytes: bytes)")
      XCTAssertEqual(rows.first, [String(decoding: bytes, as: UTF8.self)])
    }
  }

  func testTheServersErrorsCarryTheirCode() throws {
    let database = try ScratchClickHouse()
    let client = database.client
    defer { withExtendedLifetime(database) {} }
    XCTAssertThrowsError(try client.select("SELECT * FROM nothing_here")) { error in
      XCTAssertTrue(ClickHouseError.Code.unknownTable ~= error, "\(error)")
      XCTAssertEqual((error as? ClickHouseError)?.isRetriable, false)
    }
    XCTAssertThrowsError(
      try client.select("SELECT throwIf(number = 100000) FROM system.numbers LIMIT 200000")
    ) { error in
      guard case .refused = (error as? ClickHouseError)?.cause else {
        return XCTFail("an error after the first rows is an error: \(error)")
      }
    }
  }

  func testAServerThatIsNotThereWasNotReached() throws {
    let address = ServerAddress(host: "127.0.0.1", port: 1)
    let client = try Client(address, timeout: 500)
    XCTAssertThrowsError(try client.select("SELECT 1")) { error in
      let error = error as? ClickHouseError
      XCTAssertEqual(error?.cause, .unreachable)
      XCTAssertEqual(error?.isOutcomeUnknown, false)
      XCTAssertEqual(error?.isRetriable, true)
    }
  }

  func testAnAnswerLongerThanIsTakenIsNoFaultOfTheServerAndNotAskedForAgain() throws {
    let scratch = try ScratchClickHouse()
    XCTAssertThrowsError(
      try scratch.client.execute("SELECT number FROM numbers(1000000)")
    ) { error in
      let error = error as? ClickHouseError
      XCTAssertEqual(error?.cause, .unexpected)
      XCTAssertEqual(error?.isRetriable, false)
      XCTAssertTrue(error?.message.contains("longer than is taken") == true)
    }
  }

  func testAnAnswerThatDoesNotComeTimesOutWhileAnotherDescriptorIsAttendedTo() throws {
    let silent = try SilentServer()
    let client = try Client(ServerAddress(host: "127.0.0.1", port: silent.port), timeout: 20_000)
    defer { withExtendedLifetime(silent) {} }
    var pipe: [Int32] = [0, 0]
    XCTAssertEqual(Glibc.pipe(&pipe), 0)
    defer { for end in pipe { close(end) } }
    var attended = 0
    client.watch = Client.Watch(
      descriptor: { pipe[0] },
      attend: {
        attended += 1
        var byte: UInt8 = 0
        if attended == 1 { XCTAssertEqual(read(pipe[0], &byte, 1), 1) }
      })
    XCTAssertEqual(write(pipe[1], "x", 1), 1)
    let error = try assertThrows(ClickHouseError.self) {
      _ = try client.select("SELECT 1", timeout: 1500)
    }
    XCTAssertEqual(error.cause, .timedOut, "\(error)")
    XCTAssertGreaterThan(attended, 1, "at least once a second")
  }
}
