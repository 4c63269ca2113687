import Curl
import JSON
import Service

/// Checks nginx and the pools behind it over HTTP at BASE_URL, as a client would.
struct SiteCheck {
  let baseURL: BaseURL

  /// Longer than a health answer takes when an engine is down.
  private static let timeout = 5000
  private static let answerLimit = 256 << 10

  func findings() -> [Finding] {
    guard !baseURL.isTLS else { return [reach()] }
    return [
      ask("/health", "nginx and the shortener pool"),
      ask("/stats/health", "nginx and the analytics pool"),
    ]
  }

  private var place: String { "\(baseURL.host):\(baseURL.port ?? (baseURL.isTLS ? 443 : 80))" }

  /// Over TLS it only checks whether somebody listens.
  private func reach() -> Finding {
    do throws(TransferError) {
      _ = try send(.connect, to: "http://\(place)/")
      return .ok("nginx", "listens at \(place); TLS is not looked into")
    } catch {
      return unreachable(error, "nginx")
    }
  }

  private func ask(_ path: String, _ subject: String) -> Finding {
    do throws(TransferError) {
      let answer = try send(.get, to: "\(baseURL)\(path)")
      let said = "\(path) answers \(answer.status)"
      switch answer.status {
      case 200: return .ok(subject, said + Self.state(in: answer))
      case 502, 504:
        return .failed(
          subject, said, do: "the pool behind it doesn't answer: see its socket and its log")
      case 503: return .failed(subject, said + Self.state(in: answer), do: "see the engines above")
      default:
        return .failed(
          subject, said + Self.state(in: answer),
          do: "nginx's configuration doesn't lead here to Swiftlet")
      }
    } catch {
      guard error.cause == .unreachable else {
        return .failed(
          subject, "no answer to \(path): \(error.description)",
          do: "see nginx's error log, or set BASE_URL to where it listens")
      }
      return unreachable(error, subject)
    }
  }

  private func send(_ kind: Transfer.Kind, to url: String) throws(TransferError) -> Answer {
    try HTTPSession().perform(
      Transfer(kind, url, timeout: Self.timeout, answerLimit: Self.answerLimit))
  }

  private func unreachable(_ error: TransferError, _ subject: String) -> Finding {
    .failed(
      subject, "\(place): \(error.description)",
      do: "start nginx, or set BASE_URL to where it listens")
  }

  /// The state in a health answer.
  private static func state(in answer: Answer) -> String {
    guard case .object(let health)? = try? JSONValue(parsing: answer.body),
      case .string(let state)? = health["status"]
    else { return "" }
    return " (\(state))"
  }
}
