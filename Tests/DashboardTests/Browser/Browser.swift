import Foundation
import TestSupport

/// A browser without a screen, as a person uses it: pages, clicks, keys, and what is seen.
final class Browser {
  private let driver: WebDriver
  private let session: String
  /// The site whose paths it opens.
  var baseURL: String

  /// Starts one that resolves no name but that of this machine.
  init(baseURL: String) throws {
    self.baseURL = baseURL
    driver = try WebDriver()
    var arguments = [
      "--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
      "--user-data-dir=\(try driver.directory("profile"))",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]
    if getuid() == 0 { arguments.append("--no-sandbox") }
    let wishes: [String: Any] = [
      "goog:chromeOptions": ["args": arguments], "goog:loggingPrefs": ["browser": "ALL"],
    ]
    let answer = try driver.post("/session", ["capabilities": ["alwaysMatch": wishes]])
    session = "/session/" + (try answer["sessionId"].text)
    _ = try runFirst(
      """
      window.violations = [];
      addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
      """)
  }

  deinit { _ = try? command("Browser.close") }

  /// A command of Chromium's own protocol.
  @discardableResult
  func command(_ name: String, _ parameters: [String: Any] = [:]) throws -> JSONAnswer {
    try driver.post(session + "/goog/cdp/execute", ["cmd": name, "params": parameters])
  }

  // MARK: Pages

  /// Opens a path of the site.
  func open(_ path: String) throws {
    _ = try driver.post(session + "/url", ["url": baseURL + path])
  }

  func back() throws { _ = try driver.post(session + "/back") }

  func reload() throws { _ = try driver.post(session + "/refresh") }

  /// Runs a script in the page; its answer is what it returns.
  @discardableResult
  func run(_ script: String, _ arguments: Any...) throws -> JSONAnswer {
    try evaluate(script, arguments)
  }

  /// The same with its arguments in a list.
  func evaluate(_ script: String, _ arguments: [Any]) throws -> JSONAnswer {
    try driver.post(session + "/execute/sync", ["script": script, "args": arguments])
  }

  /// The same for one that calls its last argument with the answer.
  func runUntilCalled(_ script: String, _ arguments: Any...) throws -> JSONAnswer {
    try driver.post(session + "/execute/async", ["script": script, "args": arguments])
  }

  /// Makes the window so wide, and its colours light or dark.
  func show(width: Int, height: Int = 800, isDark: Bool = false) throws {
    try command(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 640])
    let features = [
      ["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"],
      ["name": "prefers-reduced-motion", "value": "reduce"],
    ]
    try command("Emulation.setEmulatedMedia", ["features": features])
  }

  /// Takes the network away, or gives it back.
  func setOffline(_ isOffline: Bool) throws {
    try command("Network.enable")
    try command(
      "Network.emulateNetworkConditions",
      ["offline": isOffline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1])
  }

  /// Writes what is seen as a PNG.
  func shoot(_ path: String) throws {
    let text = try driver.get(session + "/screenshot").text
    guard let data = Data(base64Encoded: text) else { throw WebDriver.Refused(description: text) }
    try data.write(to: URL(fileURLWithPath: path))
  }

  /// The lines of the console since the last call.
  func console() throws -> [JSONAnswer] {
    try driver.post(session + "/se/log", ["type": "browser"]).elements
  }

  /// Runs a script in each page before its own; returns what forgets it.
  func runFirst(_ script: String) throws -> String {
    try command("Page.addScriptToEvaluateOnNewDocument", ["source": script])["identifier"].text
  }

  func forget(_ script: String) throws {
    try command("Page.removeScriptToEvaluateOnNewDocument", ["identifier": script])
  }

  // MARK: Tabs

  /// Opens a path in a tab of its own; returns the handle of the tab before.
  func openTab(_ path: String) throws -> String {
    let before = try driver.get(session + "/window").text
    let tab = try driver.post(session + "/window/new", ["type": "tab"])["handle"].text
    try driver.post(session + "/window", ["handle": tab])
    try open(path)
    return before
  }

  /// Closes this tab and shows another one.
  func closeTab(andShow other: String) throws {
    try command("Page.close")
    try driver.post(session + "/window", ["handle": other])
  }

  // MARK: Hands

  /// Clicks what a script returns: an element.
  func click(script: String, _ arguments: Any...) throws {
    let element = try driver.post(
      session + "/execute/sync", ["script": script, "args": arguments])
    let id = try element["element-6066-11e4-a52e-4f735466cecf"].text
    try driver.post(session + "/element/\(id)/click")
  }

  /// Types a text where the focus is.
  func type(_ text: String) throws {
    try act(text.flatMap { [("keyDown", "\($0)"), ("keyUp", "\($0)")] })
  }

  /// Presses keys one after the other: `Tab`, `Enter`, `Control+k`, `g`.
  func press(_ keys: String...) throws {
    for key in keys {
      let parts = key.split(separator: "+").map { Self.keys[String($0)] ?? String($0) }
      try act(parts.map { ("keyDown", $0) } + parts.reversed().map { ("keyUp", $0) })
    }
  }

  private func act(_ actions: [(String, String)]) throws {
    let steps = actions.map { ["type": $0.0, "value": $0.1] }
    try driver.post(
      session + "/actions",
      ["actions": [["type": "key", "id": "keyboard", "actions": steps]]])
  }

  /// The private characters that WebDriver has for keys.
  private static let keys = [
    "Tab": "\u{E004}", "Enter": "\u{E007}", "Escape": "\u{E00C}", "Backspace": "\u{E003}",
    "Delete": "\u{E017}", "ArrowDown": "\u{E015}", "ArrowUp": "\u{E013}",
    "ArrowLeft": "\u{E012}", "ArrowRight": "\u{E014}", "Control": "\u{E009}",
    "Shift": "\u{E008}", "Alt": "\u{E00A}", "Home": "\u{E011}",
  ]
}
