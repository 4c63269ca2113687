package import Links
import Text

/// A click in the bytes of its request, to be written into a journal.
///
/// It must not outlive those bytes; a click that is kept is a `Click`.
package struct BorrowedClick {
  package typealias Bytes = UnsafeBufferPointer<UInt8>

  package let eventID: EventID
  let shortCode: Bytes
  /// Nil when the code is the id's Base62.
  let linkID: SnowflakeID?
  /// Milliseconds since 1970-01-01T00:00:00Z.
  package let milliseconds: Int64
  let address: Bytes
  let userAgent: Bytes
  let referrer: Bytes
  let language: Bytes
  let details: ClickDetails
  let isRetried: Bool

  /// A click of these parts; see `Click`.
  ///
  /// Invalid UTF-8 stays as it is: readers of the line replace it. The language is a whole
  /// `Accept-Language`; the line has its first tag.
  package init(
    eventID: EventID, shortCode: Bytes, linkID: SnowflakeID?, milliseconds: Int64, address: Bytes,
    userAgent: Bytes, referrer: Bytes, language: Bytes = Bytes(start: nil, count: 0),
    details: ClickDetails = ClickDetails(), isRetried: Bool
  ) {
    self.eventID = eventID
    self.shortCode = shortCode
    self.linkID = linkID
    self.milliseconds = milliseconds
    self.address = address
    self.userAgent = userAgent
    self.referrer = referrer
    self.language = language
    self.details = details
    self.isRetried = isRetried
  }
}

extension Click {
  /// Lends the click as bytes.
  package borrowing func withBytes<Result>(_ body: (BorrowedClick) -> Result) -> Result {
    var (code, address, agent, referrer) = (shortCode, address, userAgent, referrer)
    var language = language
    return code.withUTF8 { code in
      address.withUTF8 { address in
        agent.withUTF8 { agent in
          referrer.withUTF8 { referrer in
            language.withUTF8 { language in
              body(
                BorrowedClick(
                  eventID: eventID, shortCode: code, linkID: linkID, milliseconds: milliseconds,
                  address: address, userAgent: agent, referrer: referrer, language: language,
                  details: details, isRetried: isRetried))
            }
          }
        }
      }
    }
  }

  /// Appends the click to a buffer as one line of a journal.
  package borrowing func appendLine(to line: inout [UInt8]) {
    withBytes { click in
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: BorrowedClick.maximumLineBytes) {
        buffer in
        var times = TimeWriter()
        let count = click.writeLine(to: buffer, &times)
        line.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[..<count]))
      }
    }
  }
}
