import Foundation
import TestSupport

/// A second nginx in front of the same pools, with limits of a test's own: the site file that ships,
/// as `swiftlet site` prints it.
final class LimitedSite {
  let http: HTTPClient
  private let directory: ScratchDirectory
  private let process: ChildProcess

  /// - Parameters:
  ///   - limits: The variables of the site file.
  ///   - believesForwarded: Whether a request may say in X-Forwarded-For where it comes from.
  ///   - edit: What an operator changes in the site file.
  /// - Throws: When nginx can't be started.
  init(
    _ limits: [String: String], believesForwarded: Bool = false,
    edit: (String) -> String = { $0 }
  ) throws {
    let port = try Socket.freePort()
    directory = try ScratchDirectory("limited")
    let folder = directory.path
    let root = Repository.root.path
    let run = try TestStack.value("SWIFTLET_RUN")
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/swiftlet", withDestinationPath: root + "/nginx-config/swiftlet")
    var site = try Command.output(
      TestStack.programs.appendingPathComponent("swiftlet").path, ["site"],
      environment: [
        "SITE_LISTEN": "127.0.0.1:\(port)", "SITE_NAME": "_", "SITE_LOG": folder,
        "SITE_DOCS": folder, "SWIFTLET_RUN": run, "CORS_ORIGINS": "https://app.example",
      ].merging(limits) { _, limit in limit })
    if believesForwarded {
      site = site.replacingOccurrences(
        of: "# set_real_ip_from 192.0.2.10;", with: "set_real_ip_from 127.0.0.1;"
      ).replacingOccurrences(of: "# real_ip_header", with: "real_ip_header")
    }
    site = edit(site)
    try site.write(toFile: folder + "/site.conf", atomically: true, encoding: .utf8)
    var main = try String(contentsOfFile: root + "/nginx-config/nginx.conf.in", encoding: .utf8)
    for (word, value) in [
      ("USER", try Self.word("-un")), ("GROUP", try Self.word("-gn")), ("WORKERS", "1"),
      ("RUN", folder), ("LOG", folder), ("NGINX", folder), ("SITE", folder + "/site.conf"),
      ("MODULES", ""),
    ] {
      main = main.replacingOccurrences(of: "@\(word)@", with: value)
    }
    try main.write(toFile: folder + "/nginx.conf", atomically: true, encoding: .utf8)
    let output = folder + "/start.log"
    process = try ChildProcess(
      "/usr/sbin/nginx",
      [
        "-e", folder + "/nginx.log", "-p", folder, "-c", folder + "/nginx.conf", "-g",
        "daemon off;",
      ], output: output)
    http = HTTPClient(port: port)
    guard eventually(seconds: 10, { (try? Socket(port: port)) != nil }) else {
      throw Failed(
        output: (try? String(contentsOfFile: output, encoding: .utf8)) ?? "", site: site)
    }
  }

  /// The line of the request log that has a request's id.
  func logLine(of id: String) throws -> String {
    var line = ""
    _ = try eventually(seconds: 10) {
      let log = try String(contentsOfFile: directory("access.log"), encoding: .utf8)
      line = log.split(separator: "\n").first { $0.contains(id) }.map(String.init) ?? ""
      return !line.isEmpty
    }
    return line
  }

  deinit {
    process.signal(SIGTERM)
    _ = process.wait(seconds: 10)
  }

  struct Failed: Error {
    let output: String
    let site: String
  }

  private static func word(_ option: String) throws -> String {
    try Command.output("/usr/bin/id", [option]).trimmingCharacters(in: .newlines)
  }
}
