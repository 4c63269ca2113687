import Clicks
import TestSupport

extension Click {
  /// The line of a journal as text, with its line feed.
  var line: [UInt8] {
    var line: [UInt8] = []
    appendLine(to: &line)
    return line
  }

  static func sample(
    _ number: UInt64, code: String = "abc", at milliseconds: Int64 = 1_763_800_000_000,
    userAgent: String = "Mozilla/5.0", referrer: String = "https://example.org/",
    isRetried: Bool = false
  ) -> Click {
    Click(
      eventID: EventID(high: 7, low: number), shortCode: code, milliseconds: milliseconds,
      address: "192.0.2.\(number % 256)", userAgent: userAgent, referrer: referrer,
      isRetried: isRetried)
  }

  init(parsing line: [UInt8]) throws(ClickLineError) {
    let result = line.withUnsafeBufferPointer { line -> Result<Click, ClickLineError> in
      do throws(ClickLineError) {
        return .success(try ClickLine(parsing: line).click)
      } catch {
        return .failure(error)
      }
    }
    self = try result.get()
  }

  init(parsing text: String) throws(ClickLineError) {
    try self.init(parsing: Array(text.utf8))
  }
}
