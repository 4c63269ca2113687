import JSON

/// nginx and what stands behind it, asked over HTTP at BASE_URL as a client would.
struct SiteCheck {
  let baseURL: String

  func findings() -> [Finding] {
    guard let address = Address(baseURL) else {
      return [.failed("nginx", "BASE_URL can't be read", do: "write it as http(s)://host[:port]")]
    }
    guard !address.isTLS else { return [reach(address)] }
    return [
      ask(address, "/health", "nginx and the shortener pool"),
      ask(address, "/stats/health", "nginx and the analytics pool"),
    ]
  }

  /// Over TLS no more is looked at than whether somebody listens.
  private func reach(_ address: Address) -> Finding {
    do throws(StreamSocket.Failure) {
      _ = try StreamSocket(host: address.host, port: address.port)
      return .ok("nginx", "listens at \(address.host):\(address.port); TLS is not looked into")
    } catch {
      return unreachable(address, error, "nginx")
    }
  }

  private func ask(_ address: Address, _ path: String, _ subject: String) -> Finding {
    do throws(StreamSocket.Failure) {
      let socket = try StreamSocket(host: address.host, port: address.port)
      let answer = socket.exchange(
        "GET \(address.path)\(path) HTTP/1.0\r\nHost: \(address.authority)\r\n\r\n")
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
      return unreachable(address, error, subject)
    }
  }

  private func unreachable(
    _ address: Address, _ error: StreamSocket.Failure, _ subject: String
  ) -> Finding {
    .failed(
      subject, "\(address.host):\(address.port): \(error.description)",
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

/// The parts of an `http` or `https` URL that a connection needs.
private struct Address {
  let isTLS: Bool
  let authority: String
  let host: String
  let port: String
  let path: String

  init?(_ url: String) {
    isTLS = url.hasPrefix("https://")
    guard isTLS || url.hasPrefix("http://") else { return nil }
    let rest = url.dropFirst(isTLS ? 8 : 7)
    let authority = rest.prefix { $0 != "/" }
    path = String(rest.dropFirst(authority.count))
    self.authority = String(authority)
    let bracketed = authority.first == "["
    let name =
      bracketed
      ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
    let tail = authority.dropFirst(name.count + (bracketed ? 2 : 0))
    host = String(name)
    port = tail.first == ":" ? String(tail.dropFirst()) : isTLS ? "443" : "80"
    guard !host.isEmpty else { return nil }
  }
}
