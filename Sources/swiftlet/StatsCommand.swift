import API
import Access
import Analytics
import ArgumentParser
import Clicks
import Links
import Lookup
import Service
import Text
import Visits

/// `swiftlet stats CODE`: the answer of `GET /stats/{short_code}`.
struct StatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Show what is counted of a link.",
    discussion: """
      Asks PostgreSQL which link has the name, and ClickHouse what is counted of it. Exits with 1 if \
      there is no such link, or if it is deleted.
      """)

  @Argument(help: "The short code, or a short URL as people paste it.")
  var code: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let installation = try Installation()
      let named = try LinkArgument(code, domain: nil, installation)
      guard named.domain == nil else {
        throw ValidationError(
          "statistics are there for links of the default domain; `swiftlet link show` and "
            + "`swiftlet visits list` know the visits of others")
      }
      let slugs = named.slugs
      let stores = try installation.analytics()
      let stats: LinkStats
      do throws(AnalyticsFailure) {
        stats = try GetStatistics().perform(slugs, for: .operator, in: stores)
      } catch {
        guard case .unknownCode = error else { throw error }
        Outcome.complain("there is no link \(slugs[slugs.count - 1])")
        throw Outcome.notFound
      }
      output.print(json: stats.write, text: { stats.text })
    }
  }
}

extension LinkStats {
  fileprivate var text: String {
    var lines = [
      "short code       \(slug)",
      "total clicks     \(totalClicks)",
      "of people        \(humanClicks)",
      "without referrer \(directClicks)",
      "unique visitors  \(uniqueVisitors)\(margin)",
      "last clicked     \(lastClicked.map { RFC3339.string(seconds: $0) } ?? "never")",
    ]
    if !days.isEmpty { lines += ["", "day         clicks"] }
    lines += days.map { "\($0.date)  \($0.clicks)" }
    if !topReferrers.isEmpty { lines += ["", "clicks  referrer"] }
    lines += topReferrers.map { entry in
      let clicks = String(entry.clicks)
      let gap = String(repeating: " ", count: max(2, 8 - clicks.utf8.count))
      return clicks + gap + Self.printable(entry.referrer)
    }
    return lines.joined(separator: "\n")
  }

  /// The error of the visitors; empty where they are exact.
  private var margin: String { uniqueVisitorsError == 0 ? "" : " ± \(uniqueVisitorsError)" }

  /// A stranger's text without characters that a terminal would execute.
  private static func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map(\.printable)))
  }
}

extension Unicode.Scalar {
  fileprivate var printable: Unicode.Scalar {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
    default: self
    }
  }
}
