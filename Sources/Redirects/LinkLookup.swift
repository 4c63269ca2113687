package import FastCGI
import Links
package import Lookup
package import Metrics
import Sessions

/// Where a code leads: this worker's memory is asked first, then Redis, then PostgreSQL by those who
/// may.
///
/// As few workers ask PostgreSQL as there are look-up workers (and retry workers): that bounds what
/// reaches it. A redirect worker hands on what the first two don't know, so none of its requests waits
/// for PostgreSQL.
package struct LinkLookup {
  /// A worker that is behind for so long asks PostgreSQL for nothing more until it has caught up:
  /// nginx waits for an answer for 800 ms.
  static let patienceMilliseconds = 400

  private let cache: LinkCache
  private let links: LinkStore?
  private let backlog: Backlog
  private let meter: Meter

  /// - Parameters:
  ///   - cache: Memory and Redis.
  ///   - links: PostgreSQL; nil for a redirect worker.
  ///   - backlog: The requests that wait for this worker.
  ///   - meter: Counts what PostgreSQL answered.
  package init(cache: LinkCache, links: LinkStore?, backlog: Backlog, meter: Meter) {
    self.cache = cache
    self.links = links
    self.backlog = backlog
    self.meter = meter
  }

  /// Where the code leads.
  ///
  /// - Parameters:
  ///   - code: The code.
  ///   - isLastResort: Whether all other workers have failed: then a remembered answer of any age will do.
  /// - Returns: The link's URL.
  /// - Throws: `unknownCode`, `unavailable`, or `handedOn` when another worker must be asked.
  func destination(
    of code: ShortCode, isLastResort: Bool
  ) throws(RedirectFailure) -> DestinationURL {
    switch cache.lookup(code) {
    case .hit(let destination): return destination
    case .missing: throw .unknownCode
    case .unknown: break
    }
    if let links { return try stored(code, in: links) }
    guard isLastResort else { throw .handedOn }
    return try known(code, retryAfterSeconds: 1)
  }

  private func stored(
    _ code: ShortCode, in links: LinkStore
  ) throws(RedirectFailure) -> DestinationURL {
    guard backlog.milliseconds < Self.patienceMilliseconds else {
      return try known(code, retryAfterSeconds: 1)
    }
    let link: Link?
    do throws(StoreError) {
      link = try links.find(code)
    } catch {
      meter.add(.lookups(.postgres, .error))
      return try known(code, retryAfterSeconds: error.retryAfterSeconds)
    }
    meter.add(.lookups(.postgres, link == nil ? .miss : .hit))
    guard let link else {
      cache.rememberMissing(code)
      throw .unknownCode
    }
    cache.remember(link)
    return link.destination
  }

  /// Where the code led when it was last looked up here, however long ago.
  private func known(
    _ code: ShortCode, retryAfterSeconds: Int
  ) throws(RedirectFailure) -> DestinationURL {
    guard let destination = cache.lastDestination(of: code) else {
      throw .unavailable(retryAfterSeconds: retryAfterSeconds)
    }
    return destination
  }
}
