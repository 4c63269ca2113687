import Files
import Glibc

/// A process that was started, and whether it serves by now.
///
/// The kernel tells: so neither a request is sent nor a socket asked that all workers share.
struct ServingProcess {
  let pid: pid_t

  /// Whether it does what it was started for.
  func serves(_ program: HostProgram) -> Bool {
    program.isPool ? acceptsConnections : handlesTermination
  }

  /// A worker watches the socket that it has as descriptor 0.
  private var acceptsConnections: Bool {
    guard let directory = opendir("/proc/\(pid)/fdinfo") else { return false }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      // That of an epoll has a line for each descriptor that it watches.
      let watchesInput = Self.lines("/proc/\(pid)/fdinfo/\(name)").contains { line in
        let words = line.split(separator: " ", omittingEmptySubsequences: true)
        return words.count > 1 && words[0] == "tfd:" && words[1] == "0"
      }
      if watchesInput { return true }
    }
    return false
  }

  /// A program has read its settings when it handles SIGTERM.
  private var handlesTermination: Bool {
    let line = Self.lines("/proc/\(pid)/status").first { $0.hasPrefix("SigCgt:") }
    let digits = line?.dropFirst("SigCgt:".count).filter(\.isHexDigit) ?? ""
    return (UInt64(digits, radix: 16) ?? 0) & 1 << UInt64(SIGTERM - 1) != 0
  }

  private static func lines(_ path: String) -> [Substring] {
    guard let file = try? File(path, for: .reading),
      let bytes = try? file.bytes(atMost: 1 << 16)
    else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }
}
