import Foundation
import TestSupport
import XCTest

/// Tests of the dashboard in a browser: one browser a class, and a person with an own key for each test.
class DashboardTestCase: XCTestCase {
  // XCTest runs one test after the other.
  nonisolated(unsafe) private static var shared: Browser?

  private(set) var browser: Browser!
  private(set) var person: Person!
  /// A site of the test's own; it ends with the test.
  private var site: OwnSite?

  override class func tearDown() {
    shared = nil
    super.tearDown()
  }

  override func setUpWithError() throws {
    let browser = try Self.shared ?? Browser(baseURL: TestStack.value("BASE_URL"))
    Self.shared = browser
    self.browser = browser
    browser.baseURL = try TestStack.value("BASE_URL")
    person = try Person()
    try browser.show(width: 1280)
    try browser.open("/dashboard/assets/")
    try browser.command("Network.clearBrowserCookies")
    try browser.run("localStorage.clear()")
    _ = try browser.console()
  }

  override func tearDownWithError() throws {
    // XCTest keeps each test until the end; a browser ends with its class.
    defer { (browser, person, site) = (nil, nil, nil) }
    try browser?.assertClean()
  }

  /// Signs in by the key of this test's person, or of another one, and shows a path of the dashboard.
  func signIn(
    as other: Person? = nil, _ path: String = "links", file: StaticString = #filePath,
    line: UInt = #line
  ) throws {
    try signIn(by: (other ?? person).key, path, file: file, line: line)
  }

  /// The same at a site of the test's own.
  func signIn(
    at site: OwnSite, _ path: String, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    self.site = site
    browser.baseURL = site.baseURL
    try signIn(by: site.key, path, file: file, line: line)
  }

  private func signIn(by key: String, _ path: String, file: StaticString, line: UInt) throws {
    try browser.open("/dashboard/\(path)")
    try browser.fill("API key", with: key, file: file, line: line)
    try browser.press("Enter")
    try browser.wait("document.querySelector('.rail')", file: file, line: line)
    try browser.waitUntilReady(file: file, line: line)
  }
}
