import Foundation
import TestSupport
import XCTest

/// `swiftlet settings` as a process, in an environment and with files of a test's own.
final class SettingsCommandTests: XCTestCase {
  private var directory = URL(fileURLWithPath: "/")

  override func setUpWithError() throws {
    directory = URL(fileURLWithPath: "/tmp/swiftlet-settings-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  override func tearDownWithError() throws {
    try FileManager.default.removeItem(at: directory)
  }

  /// Runs it with these variables alone.
  private func settings(
    _ arguments: [String], _ variables: [String: String] = ["SWIFTLET_ENV": "/dev/null"]
  ) throws -> (status: Int32, output: String) {
    let words = variables.map { "\($0.key)=\($0.value)" }
    return try Command.run(
      "/usr/bin/env",
      ["-i", "-C", directory.path] + words
        + [TestStack.programs.appendingPathComponent("swiftlet").path, "settings"] + arguments)
  }

  func testTheSampleFileIsWhatTheProgramPrints() throws {
    let printed = try settings(["--sample"]).output
    let file = try Repository.text("sample.env")
    XCTAssertEqual(file, printed, "sample.env isn't that of the declarations: make settings")
  }

  func testTheTablesOfTheHandbooksAreWhatTheProgramPrints() throws {
    for (form, page) in [("--table", "README.md"), ("--handbook", "supervisor/README.md")] {
      let printed = try settings([form]).output
      XCTAssertTrue(
        try Repository.text(page).contains("-->\n" + printed + "<!-- end of settings -->\n"),
        "\(page)'s settings aren't those of the declarations: make settings")
    }
  }

  func testEveryValueReachesAShellByteByByte() throws {
    let values = [
      "PG_DSN": #"host=/tmp user='o''brien' password='$(id) `id` \ " ' ; & | * ~ é'"#,
      "DROPPED_IDS": "'", "OWN_HOSTS": "a'\u{301}$(echo b)'",
      "CLICK_QUEUE": " a  b ", "JOURNAL_DIR": "-n", "SHORTENER_WORKERS": "08",
    ]
    let (status, lines) = try settings(
      ["--shell"], values.merging(["SWIFTLET_ENV": "/dev/null"]) { own, _ in own })
    XCTAssertEqual(status, 0, lines)
    for (name, value) in values {
      let read = try Command.output(
        "/bin/bash", ["-uc", #"eval "$1"; printf '%s|' "${!2}""#, "bash", lines, name])
      XCTAssertEqual(read, (name == "SHORTENER_WORKERS" ? "8" : value) + "|", name)
    }
    let names = lines.split(separator: "\n").map { $0.prefix { $0 != "=" } }
    XCTAssertEqual(Set(names).count, names.count)
  }

  func testTheShellsValuesAreThoseThatHold() throws {
    func lines(_ variables: [String: String]) throws -> Set<Substring> {
      let own = variables.merging(["SWIFTLET_ENV": "/dev/null"]) { own, _ in own }
      return try Set(settings(["--shell"], own).output.split(separator: "\n"))
    }
    let processors = try Command.output("/usr/bin/getconf", ["_NPROCESSORS_ONLN"])
      .trimmingCharacters(in: .newlines)
    XCTAssertTrue(
      try lines(["PORT": "9000"]).isSuperset(of: [
        "PORT='9000'", "BASE_URL='http://localhost:9000'", "NGINX_WORKERS='\(processors)'",
      ]))
    XCTAssertTrue(
      try lines(["PORT": "9000", "BASE_URL": "https://sho.rt", "NGINX_WORKERS": "3"]).isSuperset(
        of: [
          "BASE_URL='https://sho.rt'", "NGINX_WORKERS='3'",
        ]))
  }

  func testAGroupIsReadWithoutTheOthers() throws {
    let wrong = ["SWIFTLET_ENV": "/dev/null", "REDIS_URL": "nowhere", "PORT": "9000"]
    XCTAssertEqual(
      try settings(["--shell", "stack"], wrong).output, "PORT='9000'\nRABBITMQ_MANAGEMENT='0'\n")
    XCTAssertEqual(try settings(["--shell"], wrong).status, 78)
    XCTAssertEqual(try settings(["--shell", "nothing"], wrong).status, 64)
  }

  func testAWrongValueIsNamedInOneLineThatShowsNoPassword() throws {
    for (name, value) in [
      ("REDIS_URL", "http://:secret@host"), ("CONSUMERS", "many"), ("FAST_PATH", "2"),
      ("PORT", "0"), ("CORS_ORIGINS", "https://a.example/"), ("SWIFTLET_RUN", "/a\"b"),
      ("SITE_LISTEN", "80;"), ("SITE_NAME", "a{"), ("CLICK_QUEUE", "a\nb"),
      ("STATE_DIR", "/var/lib/swiftlet/journal/x"),
      // What only the engines' libraries see.
      ("PG_DSN", "swiftlet"), ("PG_DSN", "password=secret hots=db"), ("PG_DSN", "host=db port=0"),
      ("PG_DSN", "password=my secret host=db"),
      ("PG_API_DSN", "postgresql://me:secret@db:54a/x"),
      ("PG_DSN", "postgresql://me:secret@db/%zz"), ("PG_DSN", "postgresql://me:%secret@db/x"),
      ("PG_DSN", "postgresql://me:secret/%@db/x"), ("PG_DSN", "postgresql://me:my@secret@db/x"),
      ("REDIS_URL", "redis://:secret@host:70000"), ("REDIS_URL", "redis://host/first"),
      ("RABBITMQ_URL", "amqp://me:secret@host:0/x"), ("RABBITMQ_URL", "amqp://me:sec@ret@host/x"),
      ("CLICKHOUSE_URL", "http://me:secret@host:0/x"), ("CLICKHOUSE_URL", "http://host/a/b"),
    ] {
      let (status, output) = try settings([], [name: value, "SWIFTLET_ENV": "/dev/null"])
      XCTAssertEqual(status, 78, output)
      XCTAssertTrue(output.hasPrefix("swiftlet: \(name): "), output)
      XCTAssertEqual(output.split(separator: "\n").count, 1, output)
      XCTAssertFalse(output.contains("secret"), output)
    }
    let shown = try settings(
      [],
      [
        "REDIS_URL": "redis://:secret@host", "PG_DSN": "password=secret host=db",
        // An @ with a combining mark behind it.
        "CLICKHOUSE_URL": "http://me:secret@\u{301}h:1/d",
        "SWIFTLET_ENV": "/dev/null",
      ])
    XCTAssertEqual(shown.status, 0, shown.output)
    XCTAssertFalse(shown.output.contains("secret"), shown.output)
  }

  func testEveryProgramReadsTheMachinesFileWhenThereIsNoOther() throws {
    try write("LOG_LEVEL=loud", to: "machine.env")
    for program in [
      "shortener", "api", "analytics", "relay", "consumer", "invalidator", "dispatcher",
      "swiftlet settings",
    ] {
      let (status, output) = try onAMachine("\(TestStack.programs.path)/\(program)")
      XCTAssertEqual(status, 78, program)
      XCTAssertTrue(output.contains(": LOG_LEVEL: \"loud\" is not valid"), output)
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

  func testRootTakesNoFileThatAnotherUserHasPutIntoTheWorkingDirectory() throws {
    try XCTSkipUnless(geteuid() == 0, "only root can give a file away")
    try write("CACHE_TTL=7", to: ".env")
    let file = directory.appendingPathComponent(".env").path
    let own = try settings(["--shell", "service"], [:])
    XCTAssertTrue(own.output.contains("CACHE_TTL='7'"), own.output)
    XCTAssertEqual(chown(file, 65534, 65534), 0)
    let others = try settings([], [:])
    XCTAssertEqual(others.status, 78, others.output)
    XCTAssertTrue(others.output.hasPrefix("swiftlet: SWIFTLET_ENV: \".env\" "), others.output)
    XCTAssertTrue(others.output.contains("root takes another user's only if"), others.output)
    XCTAssertEqual(others.output.split(separator: "\n").count, 1, others.output)
    let named = try settings(["--shell", "service"], ["SWIFTLET_ENV": ".env"])
    XCTAssertTrue(named.output.contains("CACHE_TTL='7'"), named.output)
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
