package import Foundation

/// An nginx of a test's own with the site that ships, as `swiftlet site` prints it.
package final class OwnNginx {
  /// The directory with its logs.
  package let directory: ScratchDirectory
  package let site: String
  private let process: ChildProcess

  package struct Failed: Error {
    package let output: String
    package let site: String
  }

  /// Starts it.
  ///
  /// - Parameters:
  ///   - place: Where it listens: an address with a port, or `unix:` and a path.
  ///   - variables: Variables of the site file, other than its directories.
  ///   - workers: How many workers it has.
  ///   - user: Whom its workers run as, and of which group; the test's own when nil.
  ///   - namespace: The network that it is in; nil for the machine's.
  ///   - release: The directory of the programs that print its site, and the checkout with its rules;
  ///     those under test when nil.
  ///   - edit: What an operator changes in the site file.
  /// - Throws: When it does not start.
  package init(
    at place: String, _ variables: [String: String], workers: Int = 1,
    user: (name: String, group: String)? = nil, in namespace: NetworkNamespace? = nil,
    release: (programs: URL, checkout: URL)? = nil, edit: (String) -> String = { $0 }
  ) throws {
    directory = try ScratchDirectory("nginx")
    let root = directory.path
    let files = (release?.checkout ?? Repository.root).path + "/nginx-config"
    let programs = release?.programs ?? TestStack.programs
    try FileManager.default.createSymbolicLink(
      atPath: root + "/swiftlet", withDestinationPath: files + "/swiftlet")
    site = edit(
      try Command.check(
        programs.appendingPathComponent("swiftlet").path, ["site"],
        environment: [
          "SITE_LISTEN": place, "SITE_NAME": "_", "SITE_LOG": root, "SITE_DOCS": root,
          "SITE_PAGES": files + "/pages", "SITE_DASHBOARD": root, "SITE_FOLDER": root,
        ].merging(variables) { _, own in own }))
    try site.write(toFile: directory("site.conf"), atomically: true, encoding: .utf8)
    var main = try String(contentsOfFile: files + "/nginx.conf.in", encoding: .utf8)
    let modules = variables["FAST_PATH"] == "1" ? NginxLua.modules : ""
    let (name, group) = try user ?? (Self.word("-un"), Self.word("-gn"))
    for (word, value) in [
      ("USER", name), ("GROUP", group), ("WORKERS", "\(workers)"),
      ("RUN", root), ("LOG", root), ("NGINX", root), ("SITE", directory("site.conf")),
      ("MODULES", modules),
    ] {
      main = main.replacingOccurrences(of: "@\(word)@", with: value)
    }
    try main.write(toFile: directory("nginx.conf"), atomically: true, encoding: .utf8)
    let arguments = [
      "-e", directory("nginx.log"), "-p", root, "-c", directory("nginx.conf"), "-g",
      "daemon off;",
    ]
    let (program, words) =
      namespace?.entering(Self.program, arguments) ?? (Self.program, arguments)
    process = try ChildProcess(program, words, output: directory("start.log"))
    guard eventually(seconds: 20, { self.workers.count == workers }) else {
      let output = try? String(contentsOfFile: directory("start.log"), encoding: .utf8)
      throw Failed(output: output ?? "", site: site)
    }
  }

  /// Its worker processes.
  package var workers: [pid_t] { ProcessTree.children(of: process.pid) }

  /// What a log of its has until now: `access.log`, `error.log`, or `nginx.log`, the master's.
  package func log(_ name: String) throws -> String {
    try String(contentsOfFile: directory(name), encoding: .utf8)
  }

  /// Reads its configuration anew, and returns when other workers serve.
  ///
  /// - Throws: When the old ones go on.
  package func reload() throws {
    let before = Set(workers)
    process.signal(SIGHUP)
    let isReloaded = eventually(seconds: 60) {
      let now = workers
      return !now.isEmpty && before.isDisjoint(with: now)
    }
    guard isReloaded else { throw Failed(output: try log("nginx.log"), site: site) }
  }

  deinit {
    process.signal(SIGTERM)
    _ = process.wait(seconds: 10)
  }

  private static let program = "/usr/sbin/nginx"

  private static func word(_ option: String) throws -> String {
    try Command.output("/usr/bin/id", [option]).trimmingCharacters(in: .newlines)
  }
}
