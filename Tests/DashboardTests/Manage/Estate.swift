import Foundation
import TestSupport
import XCTest

/// A tenant of a test's own: its people see nobody else's links, tags, domains and keys.
struct Estate {
  let name = "estate-\(UUID().uuidString.prefix(8).lowercased())"
  private let http: HTTPClient

  init() throws {
    http = try HTTPClient.site()
    try Person.swiftlet(["tenant", "create", name])
  }

  /// Somebody of it, with all rights unless something is said.
  func person(_ rights: [String] = []) throws -> Person {
    try Person(rights + ["--tenant", name])
  }

  /// A domain that nobody else has.
  var domain: String { "\(name).example" }

  /// Visits a path of its domain as a person's browser does.
  func visit(_ path: String) throws -> HTTPClient.Answer {
    try http.exchange(
      Array(
        """
        GET \(path) HTTP/1.1\r\nHost: \(domain)\r\nConnection: close\r\n\
        User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0\r\n\r\n
        """.utf8))
  }
}

extension Browser {
  /// What the rows of the list are: the text of their first cells.
  func rows() throws -> [String] {
    try run(
      """
      return [...document.querySelectorAll("main tbody th")].map((cell) => cell.innerText.trim());
      """
    ).texts
  }

  /// Opens the menu of the row with the focus by its key.
  func openMenu() throws {
    try press(".")
    try wait("document.activeElement.matches('[role=menuitem]')")
  }

  /// Deletes the row with the focus by keys alone: by the last item of its menu.
  func deleteRow(
    asking question: String, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    try openMenu()
    try press("ArrowUp", "Enter")
    try waitFor(question, file: file, line: line)
    XCTAssertEqual(
      try focused(), "Cancel", "what takes nothing away comes first", file: file, line: line)
    try press("Tab", "Enter")
  }

  /// Loses what it was signed in with.
  func forget() throws { try command("Network.clearBrowserCookies") }

  /// Chooses from the menu of a row.
  func choose(_ item: String, inMenuOf row: String) throws {
    try click("Actions for \(row)")
    try click(item)
  }
}
