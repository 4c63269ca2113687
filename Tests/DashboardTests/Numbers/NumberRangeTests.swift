import TestSupport
import XCTest

/// What the pages reckon by themselves, without a page: ranges, zones, names of parts.
final class NumberRangeTests: DashboardTestCase {
  /// Runs lines in a page of the site that has the modules; they return `[what it is, what it should be]…`.
  private func check(
    zone: String = "UTC", _ lines: String, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    let modules = try Modules()
    try browser.open("/dashboard/")
    let answer = try browser.runUntilCalled(
      """
      const done = arguments[0];
      const load = (...names) => Promise.all(names.map((name) => import("\(modules.address)" + name)));
      load("model/range.js", "model/time.js", "model/store.js", "charts/charts.js").then(([range, time, { setPrefs }, charts]) => {
        setPrefs({ zone: "\(zone)" });
        const ask = (text, more) => range.rangeOf(new URLSearchParams(text), { range: "30d", ...more });
        \(lines)
      }).then((pairs) => done(pairs.map((pair) => pair.map((one) => JSON.stringify(one) ?? "none"))),
        (error) => done([[String(error), ""]]));
      """
    ).elements.map { try $0.texts }
    XCTAssertFalse(answer.isEmpty, file: file, line: line)
    for pair in answer { XCTAssertEqual(pair[0], pair[1], file: file, line: line) }
  }

  func testARangeIsDaysOfTheZone() throws {
    // At 18:30 UTC it is a quarter past midnight in Kathmandu.
    let now = "now: Date.parse('2026-03-08T18:30:00Z')"
    try check(
      zone: "Asia/Kathmandu",
      """
      const today = ask("range=today", { \(now) });
      return [
        [today.asked.start, "2026-03-09"], [today.listed.startDate, "2026-03-08T18:15:00+00:00"],
        [today.asked.timezone, "Asia/Kathmandu"], [today.isLive, true],
        [ask("range=7d", { \(now) }).asked.start, "2026-03-03"], [ask("", { \(now) }).asked.start, "2026-02-08"],
        [ask("range=mtd", { \(now) }).asked.start, "2026-03-01"],
        [ask("range=1y", { \(now) }).asked.start, "2025-04-01"],
        [ask("range=all", { \(now) }).asked, { timezone: "Asia/Kathmandu", bucket: null, interval: "all" }],
      ];
      """)
    try check("return [[ask('range=today', { \(now) }).asked.start, '2026-03-08']];")
  }

  func testDaysOf23And25HoursAreWholeDays() throws {
    try check(
      zone: "America/New_York",
      """
      const [long, short] = ["from=2026-11-01&to=2026-11-01", "from=2026-03-08&to=2026-03-08"].map((text) => ask(text));
      return [
        [long.asked.end, "2026-11-02"],
        [long.listed, { startDate: "2026-11-01T04:00:00+00:00", endDate: "2026-11-02T04:59:59+00:00" }],
        [short.listed, { startDate: "2026-03-08T05:00:00+00:00", endDate: "2026-03-09T03:59:59+00:00" }],
        [range.ends("2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"), { from: "2026-11-01", to: "2026-11-01" }],
        [range.ends("2026-11-01T01:00:00-04:00", "2026-11-01T01:00:00-05:00"), { from: "2026-11-01T01:00:00-04:00", to: "2026-11-01T01:00:00-05:00" }],
        [range.moved({ start: "2026-10-31T00:00:00-04:00", end: "2026-11-02T00:00:00-05:00" }, 1), { from: "2026-11-02", to: "2026-11-03" }],
        [range.moved({ start: "2026-10-31T00:00:00-04:00", end: "2026-11-01T12:00:00-05:00" }, -1), { from: "2026-10-29", to: "2026-10-30" }],
        [range.moved({ start: "2026-11-01T01:00:00-04:00", end: "2026-11-01T01:00:00-05:00" }, 1), { from: "2026-11-01T06:00:00+00:00", to: "2026-11-01T07:00:00+00:00" }],
        [time.bucketText("2026-11-01T01:00:00-04:00", "hour"), "Sun, 1 Nov 2026, 01:00 GMT-4"],
        [time.bucketText("2026-11-01T01:00:00-05:00", "hour"), "Sun, 1 Nov 2026, 01:00 GMT-5"],
        [time.bucketText("2026-11-01T00:00:00-04:00", "day"), "Sun, 1 Nov 2026"],
        [time.tickText("2026-11-01T00:00:00-04:00", "hour"), "1 Nov"],
        [time.tickText("2026-11-01T01:00:00-05:00", "hour"), "01:00"],
        [time.bucketText("2026-11-01T00:00:00-04:00", "month"), "November 2026"],
        [time.bucketText("2026-10-26T00:00:00-04:00", "week"), "week of Mon, 26 Oct 2026"],
      ];
      """)
  }

  func testSomebodyElsesAddressIsReadAsFarAsItMeansSomething() throws {
    try check(
      """
      const { name, visits, asked } = range.scopeOf("link:a/b@brand.example");
      return [
        [name, "brand.example/a/b"], [visits, "short-urls/a%2Fb/visits"],
        [asked, { shortCode: "a/b", domain: "brand.example" }],
        [range.scopeOf("tag:a:b/c").visits, "tags/a%3Ab%2Fc/visits"], [range.scopeOf("<img>").kind, "all"],
        [range.scopeOf("orphan").visits, "visits/orphan"],
        [range.linkWord({ shortCode: "x", domain: null }), "link:x"], [ask("range=nonsense&from=").word, "nonsense"],
        [ask("from=2026-03-01").isLive, true], [ask("from=2026-03-01&to=2026-03-02").isLive, false],
      ];
      """)
  }

  func testWhatIsDrawnIsReckonedByTheNumbers() throws {
    try check(
      """
      const series = (...pairs) => pairs.map(([start, clicks]) => ({ start, clicks }));
      const both = range.aligned([series(["2026-01-02", 1]), series(["2026-01-01", 0], ["2026-01-02", 5])]);
      const months = range.aligned([series(["2026-01-14", 2], ["2026-02-01", 3]), series(["2026-01-20", 4], ["2026-02-01", 5]), series(["2026-02-11", 6])], "month");
      const weeks = range.aligned([series(["2025-12-31", 1], ["2026-01-05", 2]), series(["2026-01-04", 3], ["2026-01-05", 4])], "week");
      return [
        [months, { starts: ["2026-01-14", "2026-02-01"], values: [[2, 3], [4, 5], [null, 6]] }],
        [weeks, { starts: ["2025-12-31", "2026-01-05"], values: [[1, 2], [3, 4]] }],
        [both, { starts: ["2026-01-01", "2026-01-02"], values: [[null, 1], [0, 5]] }],
        [range.fromFirst([[0, 0, 3], [1, 2, 0]]), [[3, null, null], [1, 2, 0]]],
        [[0, 1, 4, 5, 9, 30, 1001, 2e6].map(charts.step), [1, 1, 1, 2, 5, 10, 500, 5e5]],
        [[range.changeOf(3, 2), range.changeOf(3, 0)], [50, null]],
        [[range.share(1, 3), range.share(1, 1000), range.share(0, 0)], ["33 %", "< 1 %", "–"]],
        [range.sentence(["2026-01-01", "2026-01-02"], [2, 1000], "day"), "1,002 from Thu, 1 Jan 2026 to Fri, 2 Jan 2026. Most: 1,000, Fri, 2 Jan 2026."],
      ];
      """)
  }
}
