import AMQP
import TestSupport
import XCTest

final class ConnectionTests: XCTestCase {
  private var queue = ""
  private var cleaner: AMQP.Connection?

  override func setUpWithError() throws {
    queue = "test.\(UInt64.random(in: .min ... .max))"
    cleaner = try connect()
  }

  override func tearDown() {
    try? cleaner?.deleteQueue(queue)
    cleaner = nil
  }

  private func connect() throws -> AMQP.Connection {
    let url = try TestStack.value("RABBITMQ_URL")
    return try AMQP.Connection(XCTUnwrap(BrokerAddress(url: url)), name: "swiftlet test")
  }

  private func publish(
    _ text: String, on connection: AMQP.Connection, to key: String? = nil,
    headers: FieldTable = [:]
  ) throws {
    try Array(text.utf8).withUnsafeBufferPointer {
      try connection.publish(
        to: "", routingKey: key ?? queue, contentType: "text/plain", headers: headers, body: $0)
    }
  }

  func testAddressesAreReadFromTheirURL() throws {
    let address = try XCTUnwrap(BrokerAddress(url: "amqp://me:p%40ss@127.0.0.1:5673/%2Fdev"))
    XCTAssertEqual(address.user, "me")
    XCTAssertEqual(address.password, "p@ss")
    XCTAssertEqual(address.port, 5673)
    XCTAssertEqual(address.virtualHost, "/dev")
    XCTAssertEqual(BrokerAddress(url: "amqp://guest:guest@h/%2F")?.virtualHost, "/")
    XCTAssertNil(BrokerAddress(url: "amqp://guest:guest@my h/%2F"))
    for url in ["", "http://h/", "amqps://h/", "amqp://h:x/", "amqp://h:99999/"] {
      XCTAssertNil(BrokerAddress(url: url), url)
    }
  }

  func testAMessageArrivesWithItsHeadersAndIsConfirmed() throws {
    let connection = try connect()
    try connection.declareQueue(queue, arguments: ["x-single-active-consumer": .bool(true)])
    try connection.enableConfirms()
    try publish(
      "hello", on: connection,
      headers: ["journal": .text("é"), "from": .integer(1 << 40), "flag": .bool(true)])
    guard case .confirmed(1, _)? = try connection.nextEvent(waiting: 5000) else {
      return XCTFail("no confirm")
    }
    try connection.consume(queue: queue, prefetch: 10)
    guard case .delivered(let delivery)? = try connection.nextEvent(waiting: 5000) else {
      return XCTFail("no delivery")
    }
    XCTAssertEqual(delivery.withBody { Array($0) }, Array("hello".utf8))
    XCTAssertEqual(delivery.text("journal"), "é")
    XCTAssertEqual(delivery.integer("from"), 1 << 40)
    XCTAssertNil(delivery.integer("journal"))
    XCTAssertNil(delivery.text("nothing"))
    XCTAssertFalse(delivery.isRedelivered)
    try connection.acknowledge(delivery.tag, multiple: false)
    connection.close()
    XCTAssertEqual(
      try connect().declareQueue(queue, arguments: ["x-single-active-consumer": .bool(true)]), 0)
  }

  func testManyMessagesOfManyFramesArriveInOrder() throws {
    let connection = try connect()
    try connection.declareQueue(queue)
    try connection.enableConfirms()
    let count = 100
    for number in 0..<count {
      try publish(
        "\(number) " + String(repeating: "x", count: 3000 * (number % 100)), on: connection)
    }
    var confirmed: UInt64 = 0
    while confirmed < UInt64(count) {
      guard case .confirmed(let tag, _)? = try connection.nextEvent(waiting: 5000) else {
        return XCTFail("no confirm")
      }
      confirmed = max(confirmed, tag)
    }
    try connection.consume(queue: queue, prefetch: 1000)
    for number in 0..<count {
      guard case .delivered(let delivery)? = try connection.nextEvent(waiting: 5000) else {
        return XCTFail("no delivery")
      }
      XCTAssertEqual(delivery.tag, UInt64(number + 1))
      delivery.withBody { body in
        XCTAssertEqual(body.count, String(number).count + 1 + 3000 * (number % 100))
        XCTAssertTrue(body.starts(with: Array("\(number) ".utf8)))
      }
    }
    try connection.acknowledge(UInt64(count), multiple: true)
  }

  func testWhatIsNotAcknowledgedIsDeliveredAgain() throws {
    var connection = try connect()
    try connection.declareQueue(queue)
    try publish("again", on: connection)
    for round in 0..<2 {
      try connection.consume(queue: queue, prefetch: 10)
      guard case .delivered(let delivery)? = try connection.nextEvent(waiting: 5000) else {
        return XCTFail("no delivery")
      }
      XCTAssertEqual(delivery.isRedelivered, round == 1)
      connection.close()
      connection = try connect()
    }
  }

  func testAMessageThatNoQueueTakesComesBackAndIsConfirmed() throws {
    let connection = try connect()
    try connection.enableConfirms()
    try publish("lost", on: connection, to: queue + ".nowhere")
    guard case .returned(312)? = try connection.nextEvent(waiting: 5000) else {
      return XCTFail("no return")
    }
    guard case .confirmed(1, _)? = try connection.nextEvent(waiting: 5000) else {
      return XCTFail("no confirm")
    }
  }

  func testAQueueWithOtherPropertiesIsAMismatch() throws {
    try connect().declareQueue(queue)
    XCTAssertThrowsError(
      try connect().declareQueue(queue, arguments: ["x-single-active-consumer": .bool(true)])
    ) { XCTAssertEqual(($0 as? AMQPError)?.isTopologyMismatch, true, "\($0)") }
  }

  func testADeletedQueueEndsTheSubscription() throws {
    let connection = try connect()
    try connection.declareQueue(queue)
    try connection.consume(queue: queue, prefetch: 1)
    try cleaner?.deleteQueue(queue)
    XCTAssertThrowsError(try { _ = try connection.nextEvent(waiting: 5000) }()) {
      XCTAssertEqual(($0 as? AMQPError)?.cause, .cancelled)
    }
  }

  func testABrokerThatIsNotThereOrDoesNotAnswerIsAnErrorInTime() throws {
    let address = try XCTUnwrap(BrokerAddress(url: "amqp://guest:guest@127.0.0.1:1/%2F"))
    XCTAssertThrowsError(try AMQP.Connection(address, name: "test", timeout: 500)) {
      XCTAssertEqual(($0 as? AMQPError)?.cause, .unreachable)
    }
    let wrong = try TestStack.value("RABBITMQ_URL").replacing("guest:guest", with: "guest:wrong")
    XCTAssertThrowsError(
      try AMQP.Connection(XCTUnwrap(BrokerAddress(url: wrong)), name: "test", timeout: 2000)
    ) {
      XCTAssertNotNil($0 as? AMQPError)
    }
  }
}
