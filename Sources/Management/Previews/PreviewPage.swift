import Destinations
import Links
import Text

/// The page of a preview: every value in it is escaped, and only a URL of the web becomes a link.
///
/// It looks like nginx's own pages, by their style.
struct PreviewPage {
  private let preview: LinkPreview

  init(_ preview: LinkPreview) {
    self.preview = preview
  }

  var text: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <title>Where this link leads</title>
    <link rel="icon" href="/favicon.ico">
    <link rel="stylesheet" href="/.pages/style.css">
    </head>
    <body>
    <main>
    <svg class="sign" viewBox="0 0 24 24" aria-hidden="true">\(Self.eye)</svg>
    <h1>Where this link leads</h1>
    <p><bdi>\(Self.escaped(shortName))</bdi>, made on \(day)</p>
    <div class="target">
    \(host)<p class="url"><bdi dir="ltr">\(Self.escaped(preview.longURL))</bdi></p>
    </div>
    \(rules)\(way)</main>
    </body>
    </html>

    """
  }

  private static let eye = """
    <path d="M2 12c2.5-4.4 5.8-6.5 10-6.5s7.5 2.1 10 6.5c-2.5 4.4-5.8 6.5-10 6.5S4.5 16.4 2 12z"/>\
    <circle cx="12" cy="12" r="3"/>
    """

  /// The short URL as people write it.
  private var shortName: String {
    String(preview.shortURL.drop { $0 != "/" }.dropFirst(2))
  }

  private var day: String {
    let time = RFC3339.string(seconds: preview.createdAt / 1000)
    let date = time.prefix(10).split(separator: "-").compactMap { Int($0) }
    return "<time datetime=\"\(time)\">\(date[2]) \(Self.months[date[1] - 1]) \(date[0])</time>"
  }

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

  /// The URL as a link; nil for another scheme than those of the web, and for a text that was inserted by hand.
  private var destination: DestinationURL? { DestinationURL(stored: preview.longURL) }

  private var host: String {
    guard let name = destination?.hostName else { return "" }
    return "<p class=\"host\"><bdi dir=\"ltr\">\(Self.escaped(name))</bdi></p>\n"
  }

  private var rules: String {
    preview.hasRules ? "<p>Its owner leads some visitors elsewhere.</p>\n" : ""
  }

  private var way: String {
    guard let destination else { return "" }
    return """
      <p><a class="button" rel="nofollow noopener noreferrer" \
      href="\(Self.escaped(destination.description))">Go there</a></p>

      """
  }

  /// A text that is no markup, in an element or in a quoted attribute.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
