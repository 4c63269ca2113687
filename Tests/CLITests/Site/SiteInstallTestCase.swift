import Foundation
import TestSupport
import XCTest

/// A directory of nginx's own, into which `swiftlet site --install` puts a site.
class SiteInstallTestCase: XCTestCase {
  private(set) var directory: ScratchDirectory!
  private var variables: [String: String] = [:]
  private(set) var port: UInt16 = 0

  override func setUpWithError() throws {
    directory = try ScratchDirectory("site")
    port = try Socket.freePort()
    for name in ["sites-available", "sites-enabled", "swiftlet-local"] {
      _ = try directory.make(name)
    }
    try FileManager.default.createSymbolicLink(
      atPath: directory("swiftlet"),
      withDestinationPath: Repository.root.path + "/nginx-config/swiftlet")
    try write(
      "swiftlet-local/server-here.conf", "location = /here { return 200 $swiftlet_here; }\n")
    try write("swiftlet-local/http-here.conf", "map \"\" $swiftlet_here { default here; }\n")
    try main()
    variables = [
      "BASE_URL": "http://localhost:8080",
      "SITE_FOLDER": directory.path, "SITE_LISTEN": "127.0.0.1:\(port)",
      "SITE_LOG": directory.path, "ACME_DIRECTORY": directory("acme"),
      "SWIFTLET_RUN": directory.path, "SWIFTLET_ENV": "/dev/null",
    ]
  }

  func write(_ name: String, _ text: String) throws {
    try text.write(toFile: directory(name), atomically: true, encoding: .utf8)
  }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: directory(name), encoding: .utf8)
  }

  /// Writes nginx.conf.
  func main(modules: String = "", http: String = "") throws {
    try write(
      "nginx.conf",
      """
      \(modules)
      pid \(directory("nginx.pid"));
      error_log \(directory("nginx.log"));
      events { }
      http {
        \(http)
        include \(directory("sites-enabled"))/*;
      }

      """)
  }

  func install(
    _ others: [String: String] = [:], without name: String? = nil, mask: String = "022"
  ) throws -> (status: Int32, output: String) {
    let words = variables.merging(others) { _, other in other }
      .filter { $0.key != name }.map { "\($0.key)=\($0.value)" }
    return try Command.run(
      "/bin/sh",
      ["-c", "umask \(mask); exec \"$@\"", "sh", "/usr/bin/env", "-i"] + words
        + [TestStack.programs.appendingPathComponent("swiftlet").path, "site", "--install"])
  }

  func assertInstalled(
    _ said: String, with others: [String: String] = [:], line: UInt = #line
  ) throws {
    let (status, output) = try install(others)
    XCTAssertEqual(status, 0, output, line: line)
    XCTAssertTrue(output.contains(said), output, line: line)
    XCTAssertFalse(output.contains("warn"), output, line: line)
  }

  func start() throws -> ChildProcess {
    let nginx = try ChildProcess(
      "/usr/sbin/nginx", ["-c", directory("nginx.conf"), "-g", "daemon off;"],
      output: directory("start.log"))
    XCTAssertTrue(eventually(seconds: 20) { self.isServing() }, (try? text("start.log")) ?? "")
    return nginx
  }

  func isServing(at other: UInt16? = nil) -> Bool {
    (try? HTTPClient(port: other ?? port).get("/here").text) == "here"
  }

  func mode(_ name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: directory(name))[.posixPermissions] as? Int
  }

  func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory(folder)).sorted()
  }

  static let site = "sites-available/swiftlet.conf"
  static let former = "sites-available/swiftlet.conf.before"
}
