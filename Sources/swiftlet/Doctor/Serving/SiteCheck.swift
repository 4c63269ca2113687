import Curl
import Service

/// Checks what a client gets at BASE_URL: a redirect, creation, statistics, all through nginx.
///
/// The requests make no link, and none counts as a visit.
struct SiteCheck {
  private let entrance: SiteEntrance
  private let link: KnownLink
  private let idle: IdlePools

  /// - Parameters:
  ///   - settings: They have BASE_URL, the beginning of short URLs.
  ///   - variables: `SSL_CERT_FILE` is a file of certificate authorities instead of the machine's own.
  ///   - link: Which link is asked for.
  ///   - idle: The pools that are switched off on this host.
  /// - Throws: When a setting of the site is wrong.
  init(
    _ settings: Settings, _ variables: Variables, link: KnownLink, idle: IdlePools
  ) throws(SettingError) {
    entrance = try SiteEntrance(settings, variables, idle: idle)
    self.link = link
    self.idle = idle
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
      // A domain may lead visitors without a link elsewhere.
      (300..<400).contains(answer.status) || link.code == nil && answer.status == 404
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
      // With STATS=key they are refused.
      [200, 401, 403, 404].contains(answer.status)
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
      if let limited = Finding.limited(subject, said, answer) { return limited }
      if isWell(answer) { return .ok(subject, said) }
      let reasons = pools.compactMap(idle.reason)
      if [502, 504].contains(answer.status), reasons.count == pools.count {
        return .ok(subject, "\(said): " + reasons.joined(separator: ", "))
      }
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

extension Finding {
  /// The finding about an answer that the site's limits for one address have refused; nil for others.
  static func limited(_ subject: String, _ said: String, _ answer: Answer) -> Finding? {
    guard answer.status == 429, answer.contentType == "application/problem+json" else { return nil }
    return .warning(
      subject, "\(said): this address has asked too often",
      do: "ask again in a minute; if it stays, the site takes all clients for one: set "
        + "REAL_IP_FROM to the load balancer's address")
  }
}
