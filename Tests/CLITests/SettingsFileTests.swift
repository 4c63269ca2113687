import Foundation
import TestSupport
import XCTest

/// Which settings file a program or a command reads.
final class SettingsFileTests: SettingsTestCase {
  func testEveryProgramReadsTheMachinesFileWhenThereIsNoOther() throws {
    try write("LOG_LEVEL=loud", to: "machine.env")
    for program in [
      "shortener", "api", "analytics", "relay", "consumer", "invalidator", "dispatcher",
      "swiftlet settings",
    ] {
      let (status, output) = try onAMachine("\(TestStack.programs.path)/\(program)")
      XCTAssertEqual(status, 78, program)
      XCTAssertTrue(
        output.contains(": /etc/swiftlet/swiftlet.env: LOG_LEVEL: \"loud\" is not valid"), output)
    }
  }

  func testEveryProgramSaysWhereItsSettingsAre() throws {
    for program in [
      "shortener", "api", "analytics", "relay", "consumer", "invalidator", "dispatcher", "swiftlet",
    ] {
      let path = TestStack.programs.appendingPathComponent(program).path
      let help = try Command.output(path, ["--help"])
      for word in ["SWIFTLET_ENV", ".env", "/etc/swiftlet/swiftlet.env"] {
        XCTAssertTrue(help.contains(word), help)
      }
    }
  }

  func testTheMachinesFileGivesWayToTheOthersAndTheEnvironmentToNone() throws {
    let program = "\(TestStack.programs.path)/swiftlet settings --shell service"
    try write("LOG_LEVEL=debug\nCACHE_TTL=1\nMISS_TTL=1", to: "machine.env")
    func lines(_ words: String) throws -> [Substring] {
      try onAMachine("env \(words) \(program)").output.split(separator: "\n")
        .filter { ["LOG_LEVEL", "CACHE_TTL", "MISS_TTL"].contains($0.prefix { $0 != "=" }) }
    }
    XCTAssertEqual(
      try lines("CACHE_TTL=2"), ["CACHE_TTL='2'", "MISS_TTL='1'", "LOG_LEVEL='debug'"])
    try write("MISS_TTL=3", to: ".env")
    XCTAssertEqual(
      try lines("CACHE_TTL=2"), ["CACHE_TTL='2'", "MISS_TTL='3'", "LOG_LEVEL='info'"])
    XCTAssertEqual(
      try lines("SWIFTLET_ENV=/dev/null"),
      ["CACHE_TTL='86400'", "MISS_TTL='30'", "LOG_LEVEL='info'"])
    XCTAssertEqual(
      try lines("SWIFTLET_ENV=/etc/swiftlet/swiftlet.env MISS_TTL=4"),
      ["CACHE_TTL='1'", "MISS_TTL='4'", "LOG_LEVEL='debug'"])
  }

  func testAMachinesFileThatTheUserMayNotReadIsNoSilence() throws {
    try XCTSkipUnless(geteuid() == 0, "only root can run a program as another user")
    try write("LOG_LEVEL=debug", to: "machine.env")
    // Anybody may enter the working directory, or nobody but root: then it has no .env for this user.
    for mode in [0o755, 0o700] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: directory.path)
      let (status, output) = try onAMachine(
        "chmod 600 /etc/swiftlet/swiftlet.env && setpriv --reuid=65534 --clear-groups "
          + "\(TestStack.programs.path)/relay")
      XCTAssertEqual(status, 78, output)
      XCTAssertEqual(
        output,
        #"relay: SWIFTLET_ENV: "/etc/swiftlet/swiftlet.env" is not valid; "#
          + "it should be a file that can be read (Permission denied)\n")
    }
  }

  func testNobodyTakesAFileThatAnotherUserHasPutIntoTheWorkingDirectory() throws {
    try XCTSkipUnless(geteuid() == 0, "only root can give a file away")
    try write("CACHE_TTL=7", to: ".env")
    let file = directory.appendingPathComponent(".env").path
    let own = try settings(["--shell", "service"], [:])
    XCTAssertTrue(own.output.contains("CACHE_TTL='7'"), own.output)
    XCTAssertEqual(chown(file, 65534, 65534), 0)
    let others = try settings([], [:])
    XCTAssertEqual(others.status, 78, others.output)
    XCTAssertTrue(others.output.hasPrefix("swiftlet: SWIFTLET_ENV: \".env\" "), others.output)
    XCTAssertTrue(others.output.contains("another user's is taken only if"), others.output)
    XCTAssertEqual(others.output.split(separator: "\n").count, 1, others.output)
    let named = try settings(["--shell", "service"], ["SWIFTLET_ENV": ".env"])
    XCTAssertTrue(named.output.contains("CACHE_TTL='7'"), named.output)
    // Users that aren't root take their own and root's.
    for (owner, status) in [(uid_t(1), Int32(78)), (65534, 0), (0, 0)] {
      XCTAssertEqual(chown(file, owner, 65534), 0)
      let run = try Command.run(
        "/usr/bin/env",
        [
          "-i", "-C", directory.path, "setpriv", "--reuid=65534", "--clear-groups",
          TestStack.programs.appendingPathComponent("swiftlet").path, "settings",
        ])
      XCTAssertEqual(run.status, status, run.output)
    }
  }

  func testTheCommandsThatInstallPassOverTheWorkingDirectorysFile() throws {
    try write("LOG_LEVEL=loud", to: "machine.env")
    try write("LOG_LEVEL=silent", to: ".env")
    let program = "\(TestStack.programs.path)/swiftlet"
    let complaint = "/etc/swiftlet/swiftlet.env: LOG_LEVEL: \"loud\" is not valid"
    for command in ["setup", "setup --dry-run", "enable", "restart"] {
      let (status, output) = try onAMachine("\(program) \(command)")
      XCTAssertEqual(status, 78, output)
      XCTAssertTrue(output.contains(complaint), output)
    }
    try write("SITE_LISTEN=80;", to: ".env")
    try write("BASE_URL=https://sho.rt\nSITE_LISTEN=81;\nSWIFTLET_USER=a;b", to: "machine.env")
    for (command, name) in [
      ("site --install", "SITE_LISTEN"), ("site", "SITE_LISTEN"), ("disable", "SWIFTLET_USER"),
      ("programs", "SWIFTLET_USER"),
    ] {
      let (status, output) = try onAMachine("\(program) \(command)")
      XCTAssertEqual(status, 78, output)
      XCTAssertTrue(output.hasPrefix("swiftlet: /etc/swiftlet/swiftlet.env: \(name): "), output)
    }
    let named = try onAMachine("SWIFTLET_ENV=.env \(program) site")
    XCTAssertTrue(named.output.hasPrefix("swiftlet: .env: SITE_LISTEN: \"80;\" "), named.output)
    let none = try onAMachine("rm /etc/swiftlet/swiftlet.env && \(program) site")
    XCTAssertTrue(none.output.hasPrefix("swiftlet: .env: SITE_LISTEN: \"80;\" "), none.output)
  }

  /// A service manager gives them that file, and runs them as their user.
  func testTheMachinesProgramsMustReadAllInTheMachinesFile() throws {
    let state = directory.appendingPathComponent("state").path
    try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
    try write("BASE_URL=http://s.example\nJOURNAL_DIR=\(state)", to: "machine.env")
    let people =
      "echo root:x:0:0::/root:/bin/sh >/etc/passwd; echo swiftlet:x:65534:65534::/:/bin/sh "
      + ">>/etc/passwd; echo www-data:x:33: >/etc/group"
    let program = "\(TestStack.programs.path)/swiftlet"
    func run(_ command: String) throws -> (status: Int32, output: String) {
      try onAMachine("{ \(people); \(command); }")
    }
    let unseen =
      "the environment says CACHE_TTL, and the programs read /etc/swiftlet/swiftlet.env alone"
    for command in ["setup", "enable"] {
      let (status, output) = try run("CACHE_TTL=5 \(program) \(command)")
      XCTAssertEqual(status, 78, output)
      XCTAssertTrue(output.contains(unseen), output)
    }
    let sections = "mkdir -p /etc/supervisor/conf.d; touch /etc/supervisor/conf.d/swiftlet.conf"
    let unreadable = "a file that the programs' user can read: chgrp swiftlet /etc/swiftlet/"
    for command in ["enable", "enable --supervisord", "restart"] {
      let (status, output) = try run(
        "\(sections); chmod 600 /etc/swiftlet/swiftlet.env; \(program) \(command)")
      XCTAssertEqual(status, 78, output)
      XCTAssertTrue(output.contains(unreadable), output)
    }
    let restart = try run("CACHE_TTL=5 \(program) restart")
    XCTAssertTrue(restart.output.hasPrefix("swiftlet: \(unseen)"), restart.output)
    // What is so by the file or by default, and what supervisord may have as well.
    for command in ["setup --dry-run", "setup --dry-run --supervisord"] {
      let ttl = command.hasSuffix("supervisord") ? 5 : 86_400
      let same = try run("BASE_URL=http://s.example CACHE_TTL=\(ttl) PORT=81 \(program) \(command)")
      XCTAssertFalse(same.output.contains("the environment says"), same.output)
    }
  }

  /// It would wait for its writer.
  func testAPipeInTheWorkingDirectoryStopsAProgramInsteadOfHoldingItUp() throws {
    XCTAssertEqual(mkfifo(directory.appendingPathComponent(".env").path, 0o600), 0)
    let (status, output) = try settings([], [:])
    XCTAssertEqual(status, 78, output)
    XCTAssertTrue(output.contains("it is a pipe: name it in SWIFTLET_ENV"), output)
  }

  func testSettingsMayComeThroughAPipeThatIsNamed() throws {
    let program = TestStack.programs.appendingPathComponent("swiftlet").path
    let output = try Command.output(
      "/bin/bash",
      ["-c", "SWIFTLET_ENV=<(sleep 0.2; echo CACHE_TTL=7) '\(program)' settings --shell service"])
    XCTAssertTrue(output.contains("CACHE_TTL='7'"), output)
  }

  /// Runs a command in its own mount namespace, with PATH as the only variable.
  ///
  /// There /etc has only `machine.env`, as swiftlet/swiftlet.env.
  private func onAMachine(_ command: String) throws -> (status: Int32, output: String) {
    let script = """
      mount -t tmpfs -o mode=755 swiftlet /etc && mkdir /etc/swiftlet &&
      cp '\(directory.path)/machine.env' /etc/swiftlet/swiftlet.env && cd '\(directory.path)' && \(command)
      """
    let namespaces = geteuid() == 0 ? ["--mount"] : ["--mount", "--map-root-user"]
    return try Command.run(
      "/usr/bin/unshare",
      namespaces + ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "sh", "-c", script])
  }

  private func write(_ text: String, to name: String) throws {
    try text.write(to: directory.appendingPathComponent(name), atomically: true, encoding: .utf8)
  }
}
