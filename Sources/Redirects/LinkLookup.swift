package import FastCGI
import Links
package import Lookup
package import Metrics
import Sessions
import Web

/// Finds a link by name: in this worker's memory, then in Redis, then in PostgreSQL if the worker
/// may.
///
/// A name is looked up as written, then without the characters that running text adds: two look-ups
/// at most.
///
/// Only look-up and retry workers ask PostgreSQL, so their number bounds its load. A redirect
/// worker hands on a request that memory and Redis don't know. So none of its requests waits for
/// PostgreSQL.
package struct LinkLookup {
  /// A worker that is behind for so long doesn't ask PostgreSQL until it has caught up.
  ///
  /// nginx waits 800 ms for an answer.
  static let patienceMilliseconds = 400

  private let cache: LinkCache
  private let links: LinkStore?
  private let backlog: Backlog
  private let meter: Meter

  /// - Parameters:
  ///   - cache: Memory and Redis.
  ///   - links: PostgreSQL; nil for a redirect worker.
  ///   - backlog: The requests that wait for this worker.
  ///   - meter: Counts PostgreSQL's answers.
  package init(cache: LinkCache, links: LinkStore?, backlog: Backlog, meter: Meter) {
    self.cache = cache
    self.links = links
    self.backlog = backlog
    self.meter = meter
  }

  /// The link that a part of a path names.
  ///
  /// If PostgreSQL is needed for the name as written and can't be asked, the shorter name is used
  /// if it is known. So a full stop behind a link is harmless then.
  ///
  /// - Parameters:
  ///   - text: The part, unreserved characters decoded.
  ///   - isLastResort: Whether all other workers have failed: then the last known record is enough
  ///     (`LinkCache.lastRecord`).
  /// - Returns: The link, and its slug as a part of the text.
  /// - Throws: `unknownCode`, `unavailable`, or `handedOn` when another worker must be asked.
  func link(
    named text: Request.Bytes, isLastResort: Bool
  ) throws(RedirectFailure) -> (link: FoundLink, slug: Request.Bytes) {
    var failure = RedirectFailure.unknownCode
    if let slug = Slug(text) {
      do throws(RedirectFailure) {
        return (try link(LinkKey(slug), isLastResort: isLastResort), text)
      } catch {
        switch error {
        case .handedOn, .gone: throw error
        case .unknownCode, .unavailable: failure = error
        }
      }
    }
    let start = Slug.start(of: text)
    guard start.count < text.count, let slug = Slug(start) else { throw failure }
    do throws(RedirectFailure) {
      return (try link(LinkKey(slug), isLastResort: isLastResort), start)
    } catch {
      throw error == .unknownCode ? failure : error
    }
  }

  private func link(_ key: LinkKey, isLastResort: Bool) throws(RedirectFailure) -> FoundLink {
    switch cache.lookup(key, isLeasing: links != nil) {
    case .hit(let link): return .plain(link)
    case .managed(let link): return .managed(link)
    case .missing: throw .unknownCode
    case .gone: throw .gone
    case .unknown(let lease):
      if let links { return try stored(key, in: links, under: lease) }
      guard isLastResort else { throw .handedOn }
      return try known(key, under: lease, retryAfterSeconds: 1)
    }
  }

  private func stored(
    _ key: LinkKey, in links: LinkStore, under lease: CacheLease
  ) throws(RedirectFailure) -> FoundLink {
    guard backlog.milliseconds < Self.patienceMilliseconds else {
      return try known(key, under: lease, retryAfterSeconds: 1)
    }
    let link: Link?
    do throws(StoreError) {
      link = try links.find(key)
    } catch {
      meter.add(.lookups(.postgres, .error))
      return try known(key, under: lease, retryAfterSeconds: error.retryAfterSeconds)
    }
    meter.add(.lookups(.postgres, link == nil ? .miss : .hit))
    let record = link.map { LinkRecord($0) } ?? .absent
    cache.remember(record, of: key, under: lease)
    switch record {
    case .plain(let link): return .plain(link)
    case .managed(let link): return .managed(link)
    case .absent: throw .unknownCode
    case .gone: throw .gone
    }
  }

  /// The last known destination of the name, if it may be used (`LinkCache.lastRecord`).
  private func known(
    _ key: LinkKey, under lease: CacheLease, retryAfterSeconds: Int
  ) throws(RedirectFailure) -> FoundLink {
    switch cache.lastRecord(key, under: lease) {
    case .plain(let link): return .plain(link)
    case .managed(let link): return .managed(link)
    case .gone: throw .gone
    case .absent, nil: throw .unavailable(retryAfterSeconds: retryAfterSeconds)
    }
  }
}
