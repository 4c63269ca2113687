import Foundation
import TestSupport
import XCTest

/// The handbook's alerts against the page that they are about.
final class AlertSiteTests: XCTestCase {
  func testEachAlertOfTheHandbookIsAboutNumbersThatAreThere() throws {
    let site = try Site()
    let names = try alertedNames()
    XCTAssertGreaterThan(names.count, 10)
    var absent = names
    // A program that another test has ended may be starting still.
    let areThere = try eventually(seconds: 10) {
      let samples = try site.http.get("/metrics").text.split(separator: "\n")
      absent = names.filter { name in !samples.contains { name.isNamed(by: $0) } }
      return absent.isEmpty
    }
    XCTAssertTrue(areThere, "not in /metrics: \(absent)")
  }

  /// A sample's name, and the label that an expression selects by, if it does.
  private struct Name: Hashable {
    let name: String
    let label: String?

    /// Whether a line of the page is such a sample.
    func isNamed(by line: Substring) -> Bool {
      if let label { return line.hasPrefix(name + "{") && line.contains(label) }
      return line.hasPrefix(name + " ") || line.hasPrefix(name + "{")
    }
  }

  /// The names in the handbook's table of expressions.
  private func alertedNames() throws -> Set<Name> {
    let rows = try Repository.text("supervisor/README.md").split(separator: "\n")
      .drop { !$0.hasPrefix("| expression |") }.prefix { $0.hasPrefix("|") }
    return Set(
      rows.flatMap { row in
        row.matches(of: /(swiftlet_[a-z_]+)(?:\{([a-z]+)="([^"]*)"\})?/).map { match in
          let label = match.2.flatMap { key in match.3.map { "\(key)=\"\($0)\"" } }
          return Name(name: String(match.1), label: label)
        }
      })
  }
}
