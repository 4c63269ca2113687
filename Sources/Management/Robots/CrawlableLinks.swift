package import Links

/// A worker's memory of the links that robots may follow, as lines of robots.txt.
///
/// A flood of requests costs PostgreSQL one list a minute for each domain that has such links. A domain
/// without any costs one look into an index each time, so no made-up host takes a place.
package final class CrawlableLinks {
  /// How many links of a domain are listed.
  package static let limit = 10_000
  /// How long the lines of a domain are; search engines read 500 KiB of a file, and a file has two.
  package static let maximumBytes = 250_000
  private static let lifetimeMilliseconds: Int64 = 60_000
  private static let places = 8

  private var remembered: [String: (lines: String, end: Int64)] = [:]

  package init() {}

  /// The lines that allow a domain's links.
  ///
  /// - Parameters:
  ///   - domain: Empty for the default one.
  ///   - now: Milliseconds, by a clock that never steps.
  ///   - read: Reads the slugs, at most `limit`.
  /// - Returns: The lines; while `read` fails, the last ones that are remembered.
  /// - Throws: What `read` throws, if nothing is remembered.
  package func lines<Failure: Error>(
    of domain: String, at now: Int64, _ read: () throws(Failure) -> [Slug]
  ) throws(Failure) -> String {
    let known = remembered[domain]
    if let known, now < known.end { return known.lines }
    let slugs: [Slug]
    do throws(Failure) {
      slugs = try read()
    } catch {
      guard let known else { throw error }
      return known.lines
    }
    let lines = Self.lines(slugs)
    guard domain.isEmpty || !slugs.isEmpty else {
      remembered[domain] = nil
      return lines
    }
    if known == nil, remembered.count >= Self.places,
      let oldest = remembered.min(by: { $0.value.end < $1.value.end })
    {
      remembered[oldest.key] = nil
    }
    remembered[domain] = (lines, now + Self.lifetimeMilliseconds)
    return lines
  }

  private static func lines(_ slugs: [Slug]) -> String {
    var lines = ""
    for slug in slugs {
      let line = "Allow: /\(slug)\n"
      guard lines.utf8.count + line.utf8.count <= maximumBytes else { break }
      lines += line
    }
    return lines
  }
}
