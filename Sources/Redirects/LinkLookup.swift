package import FastCGI
import Links
package import Lookup
package import Metrics
package import Service
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
  private let base: BaseURL?

  /// - Parameters:
  ///   - cache: Memory and Redis.
  ///   - links: PostgreSQL; nil for a redirect worker.
  ///   - backlog: The requests that wait for this worker.
  ///   - meter: Counts PostgreSQL's answers.
  ///   - base: Tells the hosts that have the default domain's links, whatever the list of domains says.
  package init(
    cache: LinkCache, links: LinkStore?, backlog: Backlog, meter: Meter, base: BaseURL? = nil
  ) {
    self.base = base
    self.cache = cache
    self.links = links
    self.backlog = backlog
    self.meter = meter
  }

  /// The link that a part of a path names: in the domain of the request's host, or else in the default
  /// one.
  ///
  /// - Parameters:
  ///   - text: The part, unreserved characters decoded.
  ///   - request: If it is the last resort, all other workers have failed. Then the last known record
  ///     is enough (`LinkCache.lastRecord`).
  /// - Returns: The link, and its slug as a part of the text.
  /// - Throws: `unknownCode`, `gone`, `unavailable`, or `handedOn` when another worker must be asked.
  func link(
    named text: Request.Bytes, _ request: Request
  ) throws(RedirectFailure) -> (link: FoundLink, slug: Request.Bytes) {
    guard request.host.count > 0 else {
      return try link(named: text, in: "", isLastResort: request.isLastResort)
    }
    let host = String(decoding: request.host, as: UTF8.self)
    if !isOwn(host), let domain = try domains(isLastResort: request.isLastResort)[host],
      domain.number != 0
    {
      do throws(RedirectFailure) {
        return try link(named: text, in: host, isLastResort: request.isLastResort)
      } catch {
        guard error == .unknownCode else { throw error }
      }
    }
    return try link(named: text, in: "", isLastResort: request.isLastResort)
  }

  /// The domain of the request's host; the default one for any other host.
  ///
  /// - Returns: The default domain without redirects where no store says more.
  /// - Throws: `handedOn` when another worker must be asked.
  func domain(of request: Request) throws(RedirectFailure) -> Domain {
    let list: DomainList
    do throws(RedirectFailure) {
      list = try domains(isLastResort: request.isLastResort)
    } catch {
      guard error != .handedOn else { throw error }
      return Domain("", number: 0)
    }
    let host = String(decoding: request.host, as: UTF8.self)
    return (isOwn(host) ? nil : list[host]) ?? list[""] ?? Domain("", number: 0)
  }

  private func isOwn(_ host: String) -> Bool { base?.isOwn(host) ?? false }

  /// All domains: a host that is none of them has the links of the default domain.
  private func domains(isLastResort: Bool) throws(RedirectFailure) -> DomainList {
    switch cache.domains.lookup(isLeasing: links != nil) {
    case .known(let list): return list
    case .unknown(let lease):
      if let links, backlog.milliseconds < Self.patienceMilliseconds,
        let list = try? links.domains()
      {
        cache.domains.remember(list, under: lease)
        return list
      }
      guard links != nil || isLastResort else { throw .handedOn }
      guard let list = cache.domains.last(under: lease) else {
        throw .unavailable(retryAfterSeconds: 1)
      }
      return list
    }
  }

  /// The link that a part of a path names in a domain.
  ///
  /// If PostgreSQL is needed for the name as written and can't be asked, the shorter name is used
  /// if it is known. So a full stop behind a link is harmless then.
  private func link(
    named text: Request.Bytes, in domain: String, isLastResort: Bool
  ) throws(RedirectFailure) -> (link: FoundLink, slug: Request.Bytes) {
    var failure = RedirectFailure.unknownCode
    if let slug = Slug(text) {
      do throws(RedirectFailure) {
        return (try link(LinkKey(slug, domain: domain), isLastResort: isLastResort), text)
      } catch {
        switch error {
        case .handedOn, .gone, .early, .spent: throw error
        case .unknownCode, .unavailable: failure = error
        }
      }
    }
    let start = Slug.start(of: text)
    guard start.count < text.count, let slug = Slug(start) else { throw failure }
    do throws(RedirectFailure) {
      return (try link(LinkKey(slug, domain: domain), isLastResort: isLastResort), start)
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
