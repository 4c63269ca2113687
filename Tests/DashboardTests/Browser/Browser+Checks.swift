import Foundation
import TestSupport
import XCTest

/// What must hold of every page.
extension Browser {
  /// Asserts that nothing was complained of, and that every request was of this origin.
  ///
  /// An answer that refuses something has a line in the console, whatever the page makes of it.
  func assertClean(file: StaticString = #filePath, line: UInt = #line) throws {
    let lines = try console().filter { try $0["source"].text != "network" }
    XCTAssertEqual(try lines.map { try $0["message"].text }, [], file: file, line: line)
    let violations = try run("return window.violations ?? []").texts
    XCTAssertEqual(violations, [], file: file, line: line)
    let foreign = try run(
      """
      return performance.getEntriesByType("resource").map((entry) => entry.name)
        .filter((name) => new URL(name).origin !== location.origin);
      """
    ).texts
    XCTAssertEqual(foreign, [], file: file, line: line)
  }

  /// Asserts that axe finds nothing.
  func assertAccessible(_ note: String, file: StaticString = #filePath, line: UInt = #line) throws {
    if try run("return !window.axe").isTrue { try run(Self.axe() + "; window.axe = axe;") }
    let found = try runUntilCalled(
      """
      const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
      axe.run(document, { runOnly: tags, resultTypes: ["violations"] }).then(
        ({ violations }) => arguments[0](violations.flatMap(({ id, help, nodes }) =>
          nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html} ${failureSummary}`))),
        (error) => arguments[0]([String(error)]));
      """
    ).texts
    XCTAssertEqual(found, [], note, file: file, line: line)
  }

  /// Asserts that nothing reaches out of the window sideways, at widths from a small phone on.
  ///
  /// A chart is drawn anew a moment after the window has another width.
  func assertFits(_ note: String, file: StaticString = #filePath, line: UInt = #line) throws {
    for width in [320, 390, 768, 1280] {
      try show(width: width)
      let fits = try eventually(seconds: 10) {
        try run("return document.documentElement.scrollWidth").number <= width
      }
      XCTAssertTrue(fits, "\(note) at \(width)", file: file, line: line)
    }
  }

  /// Looks at a page in both themes and in all widths, and keeps its pictures for whoever changes it.
  func inspect(_ name: String, file: StaticString = #filePath, line: UInt = #line) throws {
    let directory = Repository.url(".build/dashboard-shots").path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try assertFits(name, file: file, line: line)
    for isDark in [false, true] {
      for (width, height) in [(390, 844), (1280, 800)] {
        try show(width: width, height: height, isDark: isDark)
        try shoot("\(directory)/\(name)-\(width)-\(isDark ? "dark" : "light").png")
        try assertAccessible(
          "\(name) \(width) \(isDark ? "dark" : "light")", file: file, line: line)
      }
    }
    try show(width: 1280)
    try assertIcons(name, file: file, line: line)
    try assertClean(file: file, line: line)
  }

  /// Asserts that each icon that is shown is in the sprite.
  private func assertIcons(_ note: String, file: StaticString, line: UInt) throws {
    let missing = try runUntilCalled(
      """
      const uses = [...document.querySelectorAll("use")].map((use) => use.getAttribute("href").split("#"));
      if (!uses.length) return arguments[0]([]);
      fetch(uses[0][0]).then((answer) => answer.text()).then((sprite) =>
        arguments[0](uses.map(([, name]) => name).filter((name) => !sprite.includes(`id="${name}"`))));
      """
    ).texts
    XCTAssertEqual(missing, [], note, file: file, line: line)
  }

  private static func axe() throws -> String { try Repository.text(".build-axe/axe.min.js") }
}
