import JSON
import Service

/// nginx and what stands behind it, asked over HTTP at BASE_URL as a client would.
struct SiteCheck {
  let baseURL: BaseURL

  func findings() -> [Finding] {
    guard !baseURL.isTLS else { return [reach()] }
    return [
      ask("/health", "nginx and the shortener pool"),
      ask("/stats/health", "nginx and the analytics pool"),
    ]
  }

  private func connect() throws(StreamSocket.Failure) -> StreamSocket {
    let host = baseURL.host.hasPrefix("[") ? baseURL.host.dropFirst().dropLast() : baseURL.host[...]
    return try StreamSocket(host: String(host), port: String(port))
  }

  private var port: UInt16 { baseURL.port ?? (baseURL.isTLS ? 443 : 80) }

  /// Over TLS no more is looked at than whether somebody listens.
  private func reach() -> Finding {
    do throws(StreamSocket.Failure) {
      _ = try connect()
      return .ok("nginx", "listens at \(baseURL.host):\(port); TLS is not looked into")
    } catch {
      return unreachable(error, "nginx")
    }
  }

  private func ask(_ path: String, _ subject: String) -> Finding {
    do throws(StreamSocket.Failure) {
      let answer = try connect().exchange(
        "GET \(path) HTTP/1.0\r\nHost: \(baseURL.authority)\r\n\r\n")
      let line = String(decoding: answer.prefix { $0 != 0x0D }, as: UTF8.self)
      let status = line.split(separator: " ").dropFirst().first.map { String($0) }
      switch status {
      case "200":
        return .ok(subject, "\(path) answers 200" + Self.dependencies(in: answer))
      case "502", "504":
        return .failed(
          subject, "\(path) answers \(status ?? "")",
          do: "the pool behind it doesn't answer: see its socket and its log")
      case let status?:
        return .failed(
          subject, "\(path) answers \(status)" + Self.dependencies(in: answer),
          do: status == "503"
            ? "see the engines above" : "nginx's configuration doesn't lead here to Swiftlet")
      case nil:
        return .failed(subject, "no answer to \(path)", do: "see nginx's error log")
      }
    } catch {
      return unreachable(error, subject)
    }
  }

  private func unreachable(_ error: StreamSocket.Failure, _ subject: String) -> Finding {
    .failed(
      subject, "\(baseURL.host):\(port): \(error.description)",
      do: "start nginx, or set BASE_URL to where it listens")
  }

  /// What the health answer says of those that are down.
  private static func dependencies(in answer: [UInt8]) -> String {
    let gap = Array("\r\n\r\n".utf8)
    guard let head = answer.indices.first(where: { answer[$0...].starts(with: gap) }),
      case .object(let health)? = try? JSONValue(parsing: Array(answer[(head + 4)...])),
      case .string(let state)? = health["status"]
    else { return "" }
    return " (\(state))"
  }
}
