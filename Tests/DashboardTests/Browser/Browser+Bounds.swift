import TestSupport
import XCTest

/// What a page may cost.
extension Browser {
  /// Asserts that it has asked for little since it was loaded, and has drawn little.
  func assertModest(
    requests: Int = 32, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    try waitUntilReady(file: file, line: line)
    let found = try run(
      """
      const all = performance.getEntriesByType("resource");
      const asked = all.filter(({ name }) => name.includes("/rest/")).map((one) => one.decodedBodySize);
      return [all.length + 1, Math.max(0, ...asked), document.querySelectorAll("*").length];
      """
    ).elements.map { try $0.number }
    XCTAssertLessThanOrEqual(found[0], requests, "requests", file: file, line: line)
    XCTAssertLessThanOrEqual(found[1], 60_000, "bytes of an answer", file: file, line: line)
    XCTAssertLessThanOrEqual(found[2], 3_000, "nodes", file: file, line: line)
  }

  /// What the page has in memory once all that is of no use is gone.
  func memory() throws -> (bytes: Int, nodes: Int, listeners: Int) {
    try command("HeapProfiler.collectGarbage")
    let counters = try command("Memory.getDOMCounters")
    return (
      try command("Runtime.getHeapUsage")["usedSize"].number, try counters["nodes"].number,
      try counters["jsEventListeners"].number
    )
  }
}
