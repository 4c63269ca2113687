import Curl
import Glibc
import JSON
import Service
import Text

/// The way to the site that a client takes: over http or https.
struct SiteWay {
  private static let timeout = 6000
  private static let answerLimit = 256 << 10
  var base: String
  var trust: Transfer.Trust

  func ask(_ kind: Transfer.Kind, _ path: String) throws(TransferError) -> Answer {
    var transfer = Transfer(kind, base + path, timeout: Self.timeout, answerLimit: Self.answerLimit)
    transfer.trust = trust
    transfer.readsCertificate = true
    transfer.fields = ["Accept: application/json", "User-Agent: swiftlet-doctor"]
    if case .post = kind { transfer.fields.append("Content-Type: application/json") }
    return try HTTPSession().perform(transfer)
  }
}

/// Checks whether BASE_URL leads to Swiftlet's nginx, and whether its certificate is good.
struct SiteEntrance {
  private static let day: Int64 = 86_400
  private static let fewDays: Int64 = 14
  private let baseURL: BaseURL
  private let idle: IdlePools
  private let way: SiteWay
  /// Whether nginx wants the PROXY protocol, which only a load balancer speaks.
  private let wantsProxy: Bool

  init(_ settings: Settings, _ variables: Variables, idle: IdlePools) throws(SettingError) {
    baseURL = settings.baseURL
    self.idle = idle
    way = SiteWay(
      base: "\(baseURL)", trust: variables["SSL_CERT_FILE"].map { .file($0) } ?? .system)
    wantsProxy = try RealAddress(variables).isInProtocol
  }

  /// Looks for a way in.
  ///
  /// - Returns: What was found, and the way to ask for more; nil when there is none.
  func enter() -> (findings: [Finding], way: SiteWay?) { enter(by: way) }

  private func enter(by way: SiteWay) -> (findings: [Finding], way: SiteWay?) {
    do throws(TransferError) {
      let answer = try way.ask(.get, "/health")
      if let secure = secure(answer, from: way) {
        let (findings, way) = enter(by: SiteWay(base: secure, trust: way.trust))
        return ([moved(to: secure)] + findings, way)
      }
      let certificate = certificate(answer, way)
      let (finding, isOurs) = site(answer)
      return ([certificate, finding].compactMap { $0 }, isOurs ? way : nil)
    } catch {
      return failure(error, by: way)
    }
  }

  private func failure(
    _ error: TransferError, by way: SiteWay
  ) -> (findings: [Finding], way: SiteWay?) {
    switch error.cause {
    case .untrusted where way.trust != .anybody:
      let (findings, open) = enter(by: SiteWay(base: way.base, trust: .anybody))
      let refused = Finding.failed(
        "certificate", error.description,
        do: "renew it, or name the right one in TLS_CERTIFICATE; then swiftlet site --install. An "
          + "authority of your own: update-ca-certificates, or SSL_CERT_FILE=FILE swiftlet doctor")
      return ([refused] + findings, open)
    case .unreachable:
      let finding = Finding.failed(
        "nginx", "\(place): \(error.description)",
        do: error.description.contains("resolve host")
          ? "correct the host in BASE_URL, or its address in DNS"
          : "start nginx, or set BASE_URL to where it listens")
      return ([finding], nil)
    case .interrupted where wantsProxy:
      let finding = Finding.failed(
        "nginx", "no answer to /health: \(error.description)",
        do: "let the load balancer speak the PROXY protocol, and BASE_URL lead to it; or correct "
          + "REAL_IP_HEADER, then swiftlet site --install")
      return ([finding], nil)
    // nginx waits for a pool for a shorter time than this command waits for nginx.
    default:
      let finding = Finding.failed(
        "nginx", "no answer to /health: \(error.description)",
        do: "see nginx's error log, restart nginx, or set BASE_URL to where it listens")
      return ([finding], nil)
    }
  }

  private var place: String { "\(baseURL.host):\(baseURL.port ?? (baseURL.isTLS ? 443 : 80))" }

  /// Where an answer of http sends the client on to; nil unless that is https on the same host.
  private func secure(_ answer: Answer, from way: SiteWay) -> String? {
    guard (300..<400).contains(answer.status), way.base.hasPrefix("http://"),
      let url = answer.redirect, url.hasSuffix("/health"),
      let place = BaseURL(String(url.dropLast("/health".count))), place.isTLS,
      place.host == baseURL.host
    else { return nil }
    return "\(place)"
  }

  private func moved(to secure: String) -> Finding {
    .warning(
      "redirect to https", "\(baseURL) sends clients on to \(secure)",
      do: "set BASE_URL to \(secure); then swiftlet restart and swiftlet site --install: "
        + "short URLs then lead there at once")
  }

  /// What the answer to `/health` tells of nginx, and whether the site is ours.
  private func site(_ answer: Answer) -> (Finding, isOurs: Bool) {
    let lead = answer.redirect.map { ", and leads to \($0.printable)" } ?? ""
    let said = "/health answers \(answer.status)" + lead
    if let limited = Finding.limited("nginx", said, answer) { return (limited, true) }
    let state = (try? JSONValue(parsing: answer.body))?.object?["status"]?.string
    switch (answer.status, state) {
    case (200, let state?): return (.ok("nginx", "\(said) (\(state))"), true)
    case (503, let state?):
      return (
        .failed("nginx", "\(said) (\(state))", do: "see the engines and the pools above"), true
      )
    case (502, _), (504, _):
      if let reason = idle.reason("shortener-api") {
        return (.ok("nginx", "\(said): \(reason)"), true)
      }
      return (
        .failed("nginx", said, do: "\(Advice.restart("shortener-api")); see nginx's error log"),
        true
      )
    default:
      return (
        .failed(
          "nginx", said,
          do: "nginx's configuration doesn't lead here to Swiftlet: swiftlet site --install on the "
            + "host that it leads to, or correct BASE_URL"), false
      )
    }
  }

  /// How long the certificate lasts; nil without one, and for one that isn't valid.
  private func certificate(_ answer: Answer, _ way: SiteWay) -> Finding? {
    guard way.trust != .anybody, let end = answer.certificateEnd else { return nil }
    let days = (end - SystemClock.milliseconds() / 1000) / Self.day
    let detail = "valid until \(RFC3339.string(seconds: end).prefix(10)), \(days) days"
    guard days < Self.fewDays else { return .ok("certificate", detail) }
    return .warning(
      "certificate", detail, do: "renew it, and let nginx read it: systemctl reload nginx")
  }
}
