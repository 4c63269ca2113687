import TestSupport
import XCTest

/// What a test sees and does by the words on the page.
extension Browser {
  /// Waits until an expression of JavaScript is true; it has the arguments as `arguments[0]`.
  func wait(
    _ expression: String, _ arguments: Any..., seconds: Double = 20, file: StaticString = #filePath,
    line: UInt = #line
  ) throws {
    let isTrue = try eventually(seconds: seconds) {
      try evaluate("return !!(\(expression))", [arguments]).isTrue
    }
    guard !isTrue else { return }
    let text = try run("return document.body.innerText").text
    XCTFail("not so: \(expression) \(arguments)\n\(text.prefix(1500))", file: file, line: line)
  }

  /// Waits until the view is drawn and no request is under way.
  func waitUntilReady(file: StaticString = #filePath, line: UInt = #line) throws {
    try wait("document.querySelector('main[data-ready]')", file: file, line: line)
  }

  /// Goes to a page of the rail, and waits until its view is drawn.
  func show(page name: String, file: StaticString = #filePath, line: UInt = #line) throws {
    let entry = "return document.querySelector(`.rail a[href$='/${arguments[0]}']`)"
    try click(script: entry, name.lowercased())
    try wait(
      "document.querySelector('main[data-ready] h1')?.textContent === arguments[0][0]", name,
      file: file, line: line)
  }

  /// Waits until a text is seen.
  func waitFor(_ text: String, file: StaticString = #filePath, line: UInt = #line) throws {
    try wait(
      "document.body.innerText.includes(arguments[0][0])", text, file: file, line: line)
  }

  func waitUntilGone(_ text: String, file: StaticString = #filePath, line: UInt = #line) throws {
    try wait(
      "!document.body.innerText.includes(arguments[0][0])", text, file: file, line: line)
  }

  /// Waits until a toast with this text is in sight: nothing lies above it.
  func waitUntilSaid(_ text: String, file: StaticString = #filePath, line: UInt = #line) throws {
    try wait(
      """
      [...document.querySelectorAll(".toast span")].some((said) => {
        const { left, top } = said.getBoundingClientRect();
        return said.innerText.includes(arguments[0][0])
          && document.elementFromPoint(left + 2, top + 2) === said;
      })
      """, text, file: file, line: line)
  }

  /// Clicks the button, link or item of this name, in the upmost dialog if there is one.
  func click(_ name: String, file: StaticString = #filePath, line: UInt = #line) throws {
    try wait("(\(Self.named))(arguments[0][0])", name, file: file, line: line)
    try click(script: "return (\(Self.named))(arguments[0])", name)
  }

  /// Puts the focus into the field of this label, and what it has away.
  func focus(_ label: String, file: StaticString = #filePath, line: UInt = #line) throws {
    try wait("(\(Self.labelled))(arguments[0][0])", label, file: file, line: line)
    try run(
      "const field = (\(Self.labelled))(arguments[0]); field.focus(); field.select?.()", label)
  }

  /// Types into the field of this label, in place of what it has.
  func fill(
    _ label: String, with text: String, file: StaticString = #filePath, line: UInt = #line
  ) throws {
    try focus(label, file: file, line: line)
    try press("Backspace")
    try type(text)
  }

  /// What the field of this label has.
  func value(_ label: String) throws -> String {
    try run("return (\(Self.labelled))(arguments[0]).value", label).text
  }

  /// Chooses of a list, as a person does by letters.
  func choose(_ value: String, of label: String) throws {
    try wait("(\(Self.labelled))(arguments[0][0])", label)
    try run(
      """
      const list = (\(Self.labelled))(arguments[0]);
      list.value = arguments[1];
      list.dispatchEvent(new Event("change", { bubbles: true }));
      """, label, value)
  }

  /// The name of what has the focus: its label, its text, or its tag.
  func focused() throws -> String {
    try run(
      """
      const element = document.activeElement;
      return element.getAttribute("aria-label") ?? element.labels?.[0]?.innerText.trim()
        ?? (element.innerText.trim() || element.tagName);
      """
    ).text
  }

  private static let upmost =
    "([...document.querySelectorAll('dialog[open]')].at(-1) ?? document)"

  private static let named = """
    (name) => [...\(upmost).querySelectorAll("button, a, [role=menuitem], summary, input[type=submit]")]
      .find((one) => (one.getAttribute("aria-label") ?? one.innerText.trim()) === name
        && one.checkVisibility() && !one.disabled)
    """

  private static let labelled = """
    (label) => [...\(upmost).querySelectorAll("input, select, textarea")].find((one) =>
      (one.getAttribute("aria-label") ?? one.labels?.[0]?.innerText.split("\\n")[0].trim()) === label)
    """
}
