import Foundation
import TestSupport
import XCTest

/// The commands of the handbooks against the program: each subcommand and option is there.
final class HandbookCommandTests: XCTestCase {
  private struct Use: Hashable {
    let subcommand: [String]
    let options: [String]
  }

  func testEachCommandOfTheHandbooksIsThereWithItsOptions() throws {
    let uses = try Set(
      ["README.md", "supervisor/README.md", "nginx-config/README.md", "migrations/README.md"]
        .flatMap { try commands(in: Repository.text($0)) })
    XCTAssertGreaterThan(uses.count, 15)
    let swiftlet = TestStack.programs.appendingPathComponent("swiftlet").path
    var helps: [[String]: String] = [:]
    for use in uses {
      let arguments = use.subcommand + ["--help"]
      let help = try helps[use.subcommand] ?? Command.run(swiftlet, arguments).output
      helps[use.subcommand] = help
      let usage = (["USAGE: swiftlet"] + use.subcommand).joined(separator: " ")
      XCTAssertTrue(help.contains(usage), "\(use)\n\(help)")
      for option in use.options { XCTAssertTrue(help.contains(option), "\(use)\n\(help)") }
    }
  }

  /// What follows the program's name in code spans and in lines of blocks.
  private func commands(in text: String) -> [Use] {
    let nested = ["link", "rule", "tag", "domain", "visits", "key", "tenant", "clicks", "migrate"]
    return text.matches(of: /(?m)(?:`|^|runuser -u swiftlet -- |\$\()swiftlet ([a-z][^`\n)#|]*)/)
      .compactMap { match in
        let words = match.1.split(separator: " ").map(String.init)
        guard let first = words.first, first.allSatisfy(\.isLetter) else { return nil }
        let second =
          words.dropFirst().first.map { word in word.prefix { $0.isLowercase || $0 == "-" } } ?? ""
        let isNested = nested.contains(first) && second.first?.isLowercase == true
        return Use(
          subcommand: [first] + (isNested ? [String(second)] : []),
          options: words.filter { $0.hasPrefix("--") }.map { String($0.prefix { $0 != "," }) })
      }
  }
}
