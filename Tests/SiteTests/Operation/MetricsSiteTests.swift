import Foundation
import TestSupport
import XCTest

/// The operator's numbers of a whole site: `/metrics`, `/health` and `swiftlet doctor`.
final class MetricsSiteTests: XCTestCase {
  private func scrape(_ site: Site) throws -> Scrape {
    let answer = try site.http.get("/metrics")
    XCTAssertEqual(answer.status, 200)
    XCTAssertEqual(
      answer["content-type"], "application/openmetrics-text; version=1.0.0; charset=utf-8")
    return try Scrape(answer.text)
  }

  /// The same unread, for the message of a failure.
  private func text(_ site: Site) -> String { (try? site.http.get("/metrics").text) ?? "" }

  /// By how much a sum has grown.
  private func growth(
    _ after: Scrape, _ before: Scrape, _ name: String, _ labels: String...
  ) throws -> Double {
    func sum(_ scrape: Scrape) -> Double {
      scrape.samples.filter { key, _ in
        key.hasPrefix(name + "{") && labels.allSatisfy { key.contains($0) }
      }.values.reduce(0, +)
    }
    return sum(after) - sum(before)
  }

  private func doctor() throws -> String {
    try Command.output(TestStack.programs.appendingPathComponent("swiftlet").path, ["doctor"])
  }

  /// What `/health` says; of an answer that nginx gives itself nothing but the status.
  private func health(_ site: Site) throws -> (status: Int, state: String?, json: JSONAnswer) {
    let answer = try site.http.get("/health")
    let json = try answer.json
    return (answer.status, try? json["status"].text, json)
  }

  private func state(of name: String, in health: JSONAnswer) -> String? {
    try? health["dependencies"][name]["state"].text
  }

  func testEveryRedirectOfManyWorkersIsCountedOnce() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/metered")
    _ = try site.http.get("/\(code)")
    let before = try scrape(site)
    let outcomes = Outcomes()
    for _ in 0..<8 {
      Thread {
        for _ in 0..<25 { outcomes.add((try? site.http.get("/\(code)").status) ?? 0) }
      }.start()
    }
    XCTAssertTrue(eventually(seconds: 120) { outcomes.all.values.reduce(0, +) == 200 })
    for _ in 0..<7 { assertProblem(try site.http.get("/meteredUnknown"), 404) }
    _ = try site.http.get("/health")
    _ = try site.http.get("/no/such/path")
    let after = try scrape(site)

    XCTAssertEqual(outcomes.all, [301: 200])
    let redirects = "swiftlet_redirects_total"
    let redirected = try growth(after, before, redirects, "=redirected")
    // On a machine that is too busy for nginx's time limit some are answered by a retry, too.
    let retried = try growth(after, before, redirects, "program=spare", "=redirected")
    XCTAssertLessThanOrEqual(redirected - retried, 200)
    XCTAssertGreaterThanOrEqual(redirected, 200)
    XCTAssertEqual(try growth(after, before, "swiftlet_clicks_recorded_total"), redirected)
    XCTAssertEqual(try growth(after, before, "swiftlet_orphan_visits_total", "=regular_404"), 1)
    XCTAssertGreaterThanOrEqual(
      try growth(after, before, "swiftlet_orphan_visits_total", "=invalid_short_url"), 7)
    let unknown = try growth(after, before, redirects, "=not_found")
    XCTAssertGreaterThanOrEqual(unknown, 7)
    XCTAssertEqual(
      try growth(after, before, "swiftlet_redirect_duration_seconds_count"), redirected + unknown)
    // What is handed on is looked up twice, counted as handed on once, and answered once.
    let handedOn = try growth(after, before, "swiftlet_redirects_handed_on_total")
    XCTAssertGreaterThanOrEqual(handedOn, 1)
    XCTAssertEqual(
      try growth(after, before, "swiftlet_link_lookups_total", "tier=hot"),
      redirected + unknown + handedOn)
    XCTAssertGreaterThanOrEqual(
      try growth(after, before, "swiftlet_link_lookups_total", "tier=redis"), 1)
    XCTAssertEqual(try growth(after, before, "swiftlet_requests_total", "=none", "=4xx"), 1)
    XCTAssertEqual(try growth(after, before, "swiftlet_requests_total", "=health", "=2xx"), 1)
    for (program, pool) in [
      ("shortener", "shortener:"), ("lookup", "shortener-lookup:"), ("api", "shortener-api:"),
      ("spare", "shortener-spare:"),
    ] {
      XCTAssertEqual(
        after.sum("swiftlet_processes", "program=\(program)"),
        Double(try Supervisor.pids(pool).count), program)
    }
    XCTAssertEqual(after.sum("swiftlet_processes", "program=relay"), 1)
    // The worker that made the link holds a worker id.
    XCTAssertGreaterThanOrEqual(try XCTUnwrap(after.sum("swiftlet_worker_ids")), 1)
  }

  func testOnlyThisMachineMayRead() throws {
    let site = try Site()
    XCTAssertEqual(try site.http.get("/metrics").status, 200)
    let other = HTTPClient(port: site.http.port, source: 2)
    assertProblem(try other.get("/metrics"), 403)
    XCTAssertEqual(try other.get("/health").status, 200)
  }

  func testQueueAndConsumerShowWhatWaitsAndWhatIsStored() throws {
    let site = try Site()
    let queue = "queue=click_events"
    let code = try site.shorten("https://example.com/queued")
    let before = try scrape(site)
    do {
      let consumers = try Supervisor.names("consumer")
      for name in consumers { try Supervisor.stop(name) }
      defer { for name in consumers { try? Supervisor.start(name) } }
      for _ in 0..<5 { XCTAssertEqual(try site.http.get("/\(code)").status, 301) }
      XCTAssertTrue(
        try eventually(seconds: 30) {
          let scrape = try scrape(site)
          return scrape.sum("swiftlet_queue_messages", queue) ?? 0 >= 1
            && scrape.sum("swiftlet_queue_consumers", queue) == 0
            && scrape.sum("swiftlet_processes", "program=consumer") == 0
            && scrape.sum("swiftlet_journal_unconfirmed_bytes") == 0
        }, text(site))
      let text = try doctor()
      XCTAssertTrue(text.contains("warning  queue click_events: "), text)
      XCTAssertTrue(text.contains("start consumer here"), text)
    }
    XCTAssertTrue(
      try eventually(seconds: 30) {
        let scrape = try scrape(site)
        return try scrape.sum("swiftlet_queue_messages", queue) == 0
          && scrape.sum("swiftlet_queue_consumers", queue) == 1
          && scrape.sum("swiftlet_consumer_connected") == 1
          // What was delivered is no more in the queue, and not stored yet.
          && growth(scrape, before, "swiftlet_consumer_rows_total") >= 5
      }, text(site))
    let after = try scrape(site)
    XCTAssertGreaterThanOrEqual(
      try growth(after, before, "swiftlet_relay_confirmed_bytes_total"), 5)
    XCTAssertGreaterThan(
      try growth(after, before, "swiftlet_consumer_insert_duration_seconds_count"), 0)
    XCTAssertGreaterThan(
      try growth(after, before, "swiftlet_consumer_last_batch_timestamp_seconds"), 0)
  }

  func testARelayThatDoesNotPublishDegradesHealthBeforeAnythingIsLost() throws {
    let site = try Site()
    XCTAssertTrue(
      try eventually(seconds: 30) { try health(site).state == "ok" })
    let journal = try TestStack.value("JOURNAL_DIR") + "/0123456789abcdef.ndjson"
    do {
      try Supervisor.stop("relay")
      defer { try? Supervisor.start("relay") }
      // A click of an hour ago, as if the relay had not worked since.
      let time = ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: -3600))
      let id = UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased()
      let line =
        #"{"event_id":"\#(id)","short_code":"waiting","timestamp":"\#(time)","ip_address":""}"#
      try Data((line + "\n").utf8).write(to: URL(fileURLWithPath: journal))

      // What a worker has said is good for a second.
      XCTAssertTrue(
        try eventually(seconds: 30) {
          let (status, site, json) = try health(site)
          return status == 200 && site == "degraded"
            && state(of: "relay", in: json) == "down"
        })
      XCTAssertTrue(
        try eventually(seconds: 30) {
          try scrape(site).sum("swiftlet_journal_oldest_unconfirmed_seconds") ?? 0 >= 3599
        })
      let numbers = try scrape(site)
      XCTAssertEqual(numbers.sum("swiftlet_processes", "program=relay"), 0)
      XCTAssertNil(numbers.sum("swiftlet_relay_connected"))
      let text = try doctor()
      XCTAssertTrue(text.contains("FAILED   relay: "), text)
      XCTAssertTrue(text.contains("-> start the relay"), text)
    }
    XCTAssertTrue(
      try eventually(seconds: 30) {
        try health(site).state == "ok"
          && scrape(site).sum("swiftlet_relay_connected") == 1
      }, text(site))
    XCTAssertTrue(
      eventually(seconds: 30) { !FileManager.default.fileExists(atPath: journal) })
  }

  func testHealthTellsOfRedirectWorkersThatDoNotMove() throws {
    let site = try Site()
    func becomes(_ status: Int, _ redirects: String, _ retries: String) throws -> Bool {
      try eventually(seconds: 30) {
        let (answered, _, json) = try health(site)
        return answered == status && state(of: "redirects", in: json) == redirects
          && state(of: "retries", in: json) == retries
      }
    }
    XCTAssertTrue(try becomes(200, "up", "up"))
    var frozen = try Supervisor.pids("shortener:")
    defer { for pid in frozen { kill(pid, SIGCONT) } }
    for pid in frozen { kill(pid, SIGSTOP) }
    // The retry workers stand in.
    XCTAssertTrue(try becomes(200, "down", "up"))
    let retries = try Supervisor.pids("shortener-spare:")
    frozen += retries
    for pid in retries { kill(pid, SIGSTOP) }
    XCTAssertTrue(try becomes(503, "down", "down"))
    for pid in frozen { kill(pid, SIGCONT) }
    XCTAssertTrue(try becomes(200, "up", "up"))
  }

  func testClicksThatAreDroppedAreCounted() throws {
    let site = try Site()
    let code = try site.shorten("https://example.com/dropped")
    let full = try TestStack.value("JOURNAL_DIR") + "/fedcba9876543210.ndjson"
    try Supervisor.stop("relay")
    defer { try? Supervisor.start("relay") }
    defer { unlink(full) }
    // The directory is at its bound by what a file says of its length; none of it is on the disk.
    XCTAssertTrue(FileManager.default.createFile(atPath: full, contents: nil))
    XCTAssertEqual(truncate(full, 8 << 30), 0)
    let before = try scrape(site)
    var redirected = 0.0
    XCTAssertTrue(
      try eventually(seconds: 30) {
        XCTAssertEqual(try site.http.get("/\(code)").status, 301)
        redirected += 1
        return try health(site).state == "degraded"
          && growth(scrape(site), before, "swiftlet_clicks_dropped_total") >= 10
      })
    let after = try scrape(site)
    let counted = try growth(after, before, "swiftlet_redirects_total", "=redirected")
    XCTAssertGreaterThanOrEqual(counted, redirected)
    XCTAssertEqual(
      try growth(after, before, "swiftlet_clicks_dropped_total")
        + growth(after, before, "swiftlet_clicks_recorded_total"), counted)
    let text = try doctor()
    XCTAssertTrue(text.contains("FAILED   journals: "), text)
    XCTAssertTrue(text.contains("warning  dropped clicks: "), text)
  }
}
