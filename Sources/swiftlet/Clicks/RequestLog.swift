import Glibc
import Stores

/// nginx's log of requests, read for the redirects that it answered.
struct RequestLog {
  struct Unreadable: Error {
    let path: String
    let reason: String
  }

  let path: String

  /// Calls `body` with each redirect that a worker, or nginx's fast path, gave to a GET.
  func forEachRedirect(_ body: (AnsweredRedirect) -> Void) throws(Unreadable) {
    guard let file = fopen(path, "re") else {
      throw Unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { fclose(file) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while case let count = getline(&line, &capacity, file), count > 0, let start = line {
      let bytes = start.withMemoryRebound(to: UInt8.self, capacity: count) {
        Array(UnsafeBufferPointer(start: $0, count: count))
      }
      if let redirect = AnsweredRedirect(logLine: bytes) { body(redirect) }
    }
  }
}
