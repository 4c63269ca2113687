import Files
import Glibc
import Service

/// This machine's nginx.
struct NginxProgram {
  /// The path of nginx.conf.
  let configuration: String
  /// How long it may take until it serves by another configuration, in milliseconds.
  private static let limit: Int64 = 10_000

  /// Lets nginx read its configuration and all that this names, as it would to serve by it.
  ///
  /// - Throws: `NginxRefusal`.
  func test() throws -> NginxReading {
    let result = try ProgramRun.run("nginx", ["-T", "-c", configuration])
    let lines = result.errors.split(separator: "\n").map(String.init)
    guard result.status == 0 else {
      // One line says only that the test has failed, and one may be about the syntax alone.
      let complaints = lines.filter {
        !$0.hasSuffix("test failed") && !$0.hasSuffix("syntax is ok")
      }
      let release = EngineRelease.ofNginx().filter { $0.state == .failed }
        .map { "Its release is \($0.detail)." }
      throw NginxRefusal(
        complaints: release
          + (complaints.isEmpty ? ["It ended with status \(result.status)."] : complaints))
    }
    return NginxReading(dump: result.output, warnings: lines.filter { $0.contains("[warn]") })
  }

  /// Lets a running nginx take its configuration anew, and returns when it serves by it.
  ///
  /// - Parameter reading: What the configuration is now.
  /// - Returns: False when none runs.
  /// - Throws: `ServiceError` when it doesn't take it: what a test can't tell is whether another
  ///   program has a port.
  func reload(_ reading: NginxReading) throws -> Bool {
    let master = try master(reading)
    let before = master.map(Self.children) ?? []
    guard try ProgramRun.run("nginx", ["-s", "reload", "-c", configuration]).status == 0 else {
      return false
    }
    let end = SystemClock.bootMilliseconds() + Self.limit
    while let master, Self.children(of: master).isSubset(of: before) {
      guard SystemClock.bootMilliseconds() < end, !Signals.stopRequested else {
        throw ServiceError(
          "the site is in place, but nginx goes on as before: its error log says why, "
            + "such as a port that another program has")
      }
      Pause.milliseconds(20)
    }
    return true
  }

  /// The process that nginx's pid file names; nil when there is none.
  private func master(_ reading: NginxReading) throws -> pid_t? {
    let option = "--pid-path="
    let path =
      try reading.pidFile
      ?? ProgramRun.run("nginx", ["-V"]).errors.split(whereSeparator: \.isWhitespace)
      .first { $0.hasPrefix(option) }.map { String($0.dropFirst(option.count)) }
    guard let path, let file = try? File(path, for: .reading, followsLinks: true),
      let bytes = try? file.bytes(atMost: 64),
      let pid = pid_t(String(decoding: bytes, as: UTF8.self).prefix { $0.isNumber }),
      kill(pid, 0) == 0
    else { return nil }
    return pid
  }

  private static func children(of pid: pid_t) -> Set<Substring> {
    guard let file = try? File("/proc/\(pid)/task/\(pid)/children", for: .reading),
      let bytes = try? file.bytes()
    else { return [] }
    return Set(String(decoding: bytes, as: UTF8.self).split(separator: " "))
  }
}
