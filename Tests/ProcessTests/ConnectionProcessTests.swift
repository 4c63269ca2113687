import Foundation
import TestSupport
import XCTest

/// The connections that the pool's workers keep, and the places that they take.
final class ConnectionProcessTests: XCTestCase {
  /// How long a worker waits for the first bytes on a connection: a busy machine is slower than nginx.
  private static let patience = ["LIBFCGI_IS_AF_UNIX_KEEPER_POLL_TIMEOUT": "20000"]

  private func pool(_ program: String = "shortener", places: Int = 256) throws -> WorkerPool {
    try WorkerPool(program, Self.patience.merging(["WORKER_CONNECTIONS": "\(places)"]) { $1 })
  }

  func testOnAKeptConnectionNothingOfARequestIsTakenForTheNextOne() throws {
    let pool = try pool()
    let worker = try pool.start()
    let connection = try FastCGIClient.connection(to: pool.socket)
    // Lengths around libfcgi's buffer of 8 KiB, so that a request's end falls on either side of it.
    for length in [1, 4000, 7900, 8000, 8100, 8180, 8190, 8200, 16_000, 1] {
      for body in [[], [UInt8](repeating: 0x78, count: length)] {
        let answer = try FastCGIClient.request(
          on: connection,
          parameters: WorkerPool.parameters() + [
            ("HTTP_USER_AGENT", String(repeating: "a", count: length)),
            ("CONTENT_LENGTH", String(body.count)),
          ], body: body)
        XCTAssertTrue(answer.hasPrefix("Status: 404 Not Found\r\n"), "\(length): \(answer)")
      }
    }
    worker.signal(SIGTERM)
    XCTAssertEqual(worker.wait(seconds: 20), 0)
    XCTAssertEqual(try connection.receive(), [])
  }

  func testAKeptConnectionHoldsAPlaceAndNotTheWorker() throws {
    for program in ["shortener", "api", "analytics"] {
      let pool = try pool(program, places: 4)
      let worker = try pool.start()
      var kept = try (0..<3).map { _ in try FastCGIClient.connection(to: pool.socket) }
      for turn in 0..<20 {
        for connection in kept {
          let answer = try FastCGIClient.request(
            on: connection, parameters: WorkerPool.parameters())
          XCTAssertTrue(answer.hasPrefix("Status: 404 Not Found\r\n"), "\(turn): \(answer)")
        }
        XCTAssertTrue(try pool.ask().hasPrefix("Status: 404"), "on the last place, turn \(turn)")
      }
      worker.signal(SIGTERM)
      kept = []
      XCTAssertEqual(worker.wait(seconds: 20), 0, program)
    }
  }

  func testWhoFindsNoPlaceIsServedWhenThereIsOne() throws {
    let pool = try pool(places: 2)
    let worker = try pool.start()
    var kept = try (0..<2).map { _ in try FastCGIClient.connection(to: pool.socket) }
    for connection in kept {
      _ = try FastCGIClient.request(on: connection, parameters: WorkerPool.parameters())
    }
    XCTAssertTrue(eventually(seconds: 30) { !WorkerPool.accepts(worker.pid) })
    let askers = Askers(of: pool)
    XCTAssertTrue(try eventually(seconds: 30) { try pool.connections() == 2 + Askers.count })
    XCTAssertTrue(
      try FastCGIClient.request(on: kept[1], parameters: WorkerPool.parameters())
        .hasPrefix("Status: 404"))
    XCTAssertEqual(askers.answered, 0)
    kept.removeFirst()
    // More than the four who have waited, so that the place is free again each time.
    XCTAssertTrue(eventually(seconds: 30) { askers.answered > Askers.count })
    XCTAssertEqual(askers.stop(), [])
    worker.signal(SIGTERM)
    kept = []
    XCTAssertEqual(worker.wait(seconds: 20), 0)
  }
}
