import Foundation
import TestSupport
import XCTest

/// The findings of one run of `swiftlet doctor`; of several with one subject, the first.
struct DoctorReport {
  private let findings: [String: [String: String]]

  init(_ variables: [String: String], _ words: String...) throws {
    let process = try CommandLineTool().process(["doctor", "--json"] + words, variables)
    try process.run()
    let list = try CommandLineTool.finish(process).json.elements
      .map { try $0.members.mapValues { try $0.text } }
    findings = Dictionary(
      list.map { ($0["subject"] ?? "", $0) }, uniquingKeysWith: { first, _ in first })
  }

  subscript(subject: String) -> [String: String]? { findings[subject] }

  /// The subjects of what failed.
  var failed: [String] { findings.filter { $0.value["state"] == "failed" }.map(\.key).sorted() }

  func assertOK(_ subject: String, file: StaticString = #filePath, line: UInt = #line) {
    XCTAssertEqual(
      findings[subject]?["state"], "ok", "\(findings[subject] ?? [:])", file: file, line: line)
  }

  func assert(
    _ subject: String, _ state: String, _ detail: String, _ advice: String,
    file: StaticString = #filePath, line: UInt = #line
  ) {
    let finding = findings[subject] ?? [:]
    XCTAssertEqual(finding["state"], state, "\(finding)", file: file, line: line)
    for (key, words) in [("detail", detail), ("advice", advice)] where !words.isEmpty {
      XCTAssertTrue(
        finding[key]?.contains(words) == true, "\(words): \(finding)", file: file, line: line)
    }
  }
}
