package import API
package import Destinations
import JSON
package import Links
import Web

extension FieldType where Value == DestinationURL {
  /// A URL of the web that a link may lead to, of so many bytes at most.
  package static func destination(
    _ ownHosts: OwnHosts, atMost limit: Int = DestinationURL.maximumLength
  ) -> FieldType<DestinationURL> {
    destination(
      ownHosts, anyScheme: false, atMost: limit,
      pattern: "^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@]{1,260}([/?#]|$)")
  }

  /// A URL that a link may lead to, of any scheme that some links may have.
  ///
  /// Whether the caller's may is asked when the input is known (`Caller.refuse`).
  package static func target(_ ownHosts: OwnHosts) -> FieldType<DestinationURL> {
    destination(
      ownHosts, anyScheme: true, atMost: DestinationURL.maximumLength,
      pattern: "^[A-Za-z][A-Za-z0-9+.-]*:")
  }

  private static func destination(
    _ ownHosts: OwnHosts, anyScheme: Bool, atMost limit: Int, pattern: JSONValue
  ) -> FieldType<DestinationURL> {
    FieldType(
      schema: Schema([
        "type": "string", "format": "uri", "pattern": pattern,
        "minLength": .number("1"), "maxLength": .number("\(limit)"),
      ]), sample: DestinationURL(unchecked: "https://example.com/a/long/path?with=query")
    ) { value throws(InvalidValue) in
      guard let text = value.string else {
        throw InvalidValue("must be a string, not \(value.kind)")
      }
      let url: DestinationURL
      do throws(DestinationURLError) {
        url = try DestinationURL(text, ownHosts: ownHosts, anyScheme: anyScheme)
      } catch {
        throw InvalidValue(error.description, as: .invalidURL)
      }
      guard url.description.utf8.count <= limit else {
        throw InvalidValue("may have \(limit) bytes at most")
      }
      return url
    } write: {
      .string($0.description)
    }
  }

  package static var destinationSummary: String {
    """
    An absolute http or https URL, without user info, 8192 bytes at most. Its host must not be this \
    shortener's or its machine's, and must be one that every browser opens alike: no number in \
    disguise, no IPv4-mapped address, no broken punycode. Blanks and line ends around the URL are cut \
    off. After the host, blanks, quotation marks, angle brackets and what is not ASCII are \
    percent-encoded. An internationalized host becomes punycode. All else stays as it is, byte for byte.
    """
  }

  package static var targetSummary: String {
    """
    \(destinationSummary) A key with the scope any-scheme, or with all rights, may name a URL of another \
    scheme, such as `mailto:`, `tel:` or an app's; never `javascript:`, `data:`, `vbscript:`, `file:`, \
    `blob:` or `about:`.
    """
  }
}
