import Curl
import Service

/// Checks what a client gets at BASE_URL: a redirect, creation, statistics, all through nginx.
///
/// The requests make no link, and none counts as a visit.
struct SiteCheck {
  private let entrance: SiteEntrance
  private let link: KnownLink

  /// - Parameters:
  ///   - baseURL: The beginning of short URLs.
  ///   - link: Which link is asked for.
  ///   - authorities: A file of certificate authorities; nil for the machine's own.
  init(baseURL: BaseURL, link: KnownLink, authorities: String?) {
    entrance = SiteEntrance(baseURL: baseURL, authorities: authorities)
    self.link = link
  }

  func findings() -> [Finding] {
    let (findings, way) = entrance.enter()
    guard let way else { return findings }
    return findings + [redirects(way), creation(way), statistics(way)]
  }

  private func redirects(_ way: SiteWay) -> Finding {
    let path = "/" + (link.code ?? link.unknown)
    return ask(subject: "redirects", .head, path, way, of: "shortener", "shortener-spare") {
      answer in
      link.code == nil ? answer.status == 404 : (300..<400).contains(answer.status)
    }
  }

  /// A body that makes no link is refused by the pool that would make one.
  private func creation(_ way: SiteWay) -> Finding {
    let kind = Transfer.Kind.post(Array("{}".utf8))
    return ask(subject: "creation", kind, "/shorten", way, of: "shortener-api") { answer in
      answer.status >= 400 && answer.status < 500
        && answer.contentType == "application/problem+json"
    }
  }

  private func statistics(_ way: SiteWay) -> Finding {
    let path = "/stats/" + (link.code ?? link.unknown)
    return ask(subject: "statistics", .head, path, way, of: "analytics") { answer in
      // With STATS=key or off they are refused, and one client may not ask for many.
      [200, 401, 403, 404, 429].contains(answer.status)
        && (answer.status != 404 || answer.contentType == "application/problem+json")
    }
  }

  private func ask(
    subject: String, _ kind: Transfer.Kind, _ path: String, _ way: SiteWay, of pools: String...,
    isWell: (Answer) -> Bool
  ) -> Finding {
    let start = SystemClock.bootMilliseconds()
    let pool = pools.joined(separator: " ")
    do throws(TransferError) {
      let answer = try way.ask(kind, path)
      let said = "\(path) answers \(answer.status) in " + Timing.milliseconds(since: start)
      if isWell(answer) { return .ok(subject, said) }
      switch answer.status {
      case 503: return .failed(subject, said, do: "see the engines and the pools above")
      case 500...:
        return .failed(
          subject, said, do: "\(Advice.restart(pool)); see nginx's error log for what it waited for"
        )
      default:
        return .failed(
          subject, said,
          do: "see that nginx's site is ours (swiftlet site), and that no other one has the name")
      }
    } catch {
      return .failed(
        subject, "no answer to \(path): \(error.description)",
        do: "\(Advice.restart(pool)); see nginx's error log")
    }
  }
}
