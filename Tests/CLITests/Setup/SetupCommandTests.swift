import Foundation
import Glibc
import TestSupport
import XCTest

/// `swiftlet setup` beside engines that have nothing of it yet.
final class SetupCommandTests: SetupTestCase {
  private func assertHas(
    _ text: String, _ lines: String..., file: StaticString = #filePath, line: UInt = #line
  ) {
    for wanted in lines {
      XCTAssertTrue(text.contains(wanted), "no \(wanted) in:\n\(text)", file: file, line: line)
    }
  }

  func testItMakesWhatIsMissingOnceAndKeepsItAfterwards() throws {
    let bench = try XCTUnwrap(bench)
    let name = bench.tool.name
    let made = [
      "made: \(bench.scratch("run")), ", "made: the role \(name), the database \(name) of \(name)",
      "the user \(name), the virtual host \(name), rights of \(name) in \(name)",
      "the database \(name)\n",
    ]
    try bench.write(["SHORTNER": "key"])
    let dry = try bench.run("--dry-run", "--postgres-admin", bench.admin)
    XCTAssertEqual(dry.status, 0, dry.output + dry.complaint)
    assertHas(dry.output, "SHORTNER is no setting; SHORTEN is one")
    for line in made {
      assertHas(dry.output, line.replacingOccurrences(of: "made: ", with: "would make: "))
    }
    assertHas(dry.output, "would make: all tables", "would make: a key")
    XCTAssertFalse(FileManager.default.fileExists(atPath: bench.scratch("run")))
    XCTAssertEqual(try bench.ask("SELECT count(*) FROM pg_roles WHERE rolname = '\(name)'"), "0\n")

    let first = try bench.run("--postgres-admin", bench.admin)
    XCTAssertEqual(first.status, 0, first.output + first.complaint)
    for line in made { assertHas(first.output, line) }
    assertHas(first.output, " migrations\n", "shown this one time:\n    swl_")
    XCTAssertEqual(first.complaint, "")

    // Its own login is enough by now.
    let second = try bench.run()
    XCTAssertEqual(second.status, 0, second.output + second.complaint)
    XCTAssertFalse(second.output.contains("made"), second.output)
    XCTAssertFalse(second.output.contains("swl_"), second.output)
    assertHas(second.output, "kept: all tables are up to date", "kept: the keys that are there")
  }

  func testItGoesOnWhereItStopped() throws {
    let bench = try XCTUnwrap(bench)
    let away = try bench.run(
      "--postgres-admin", bench.admin, with: ["CLICKHOUSE_URL": "http://127.0.0.1:1/x"])
    XCTAssertEqual(away.status, 69, away.complaint)
    assertHas(away.output, "made: the role")
    assertHas(away.complaint, "FAILED: ClickHouse: ", "do: start it, or correct CLICKHOUSE_URL")
    assertHas(away.complaint, "run swiftlet setup again")
    XCTAssertFalse(away.complaint.contains("CREATE USER"), away.complaint)
    let url = try TestStack.value("CLICKHOUSE_URL")
    let stranger = url.replacing("default@", with: "stranger@")
    XCTAssertNotEqual(stranger, url)
    let refused = try bench.run(with: ["CLICKHOUSE_URL": stranger])
    XCTAssertEqual(refused.status, 69, refused.complaint)
    assertHas(
      refused.complaint, "do: correct the user or the password in CLICKHOUSE_URL",
      "CREATE USER stranger IDENTIFIED BY")
    let again = try bench.run(with: ["INITIAL_API_KEY": "a-key-that-somebody-chose"])
    XCTAssertEqual(again.status, 0, again.complaint)
    assertHas(again.output, "kept: the user root", "INITIAL_API_KEY is an API key now")
    XCTAssertFalse(again.output.contains("somebody-chose"), again.output)
  }

  func testItStopsWhereItWaitsWhenItIsInterruptedAndGoesOnThere() throws {
    let bench = try XCTUnwrap(bench)
    let name = bench.tool.name
    XCTAssertEqual(try bench.run("--postgres-admin", bench.admin).status, 0)
    func sessions(_ program: String, _ query: String) throws -> String {
      try bench.ask(
        "SELECT pid FROM pg_stat_activity WHERE datname = '\(name)' "
          + "AND application_name = '\(program)' AND query LIKE '%\(query)%'")
    }
    // Another run of migrations has the lock.
    let statement = "SELECT pg_advisory_lock(\(0x7377_6966_746C_6574)), pg_sleep(600)"
    let holder = try ChildProcess(
      "/usr/bin/psql", ["-X", try PostgresDSN.database(name), "-c", statement], output: "/dev/null")
    XCTAssertTrue(try eventually(seconds: 60) { try sessions("psql", "pg_sleep") != "" })
    let process = try bench.start()
    XCTAssertTrue(
      try eventually(seconds: 60) { try sessions("swiftlet-migrate", "try_advisory") != "" })
    process.interrupt()
    let run = CommandLineTool.finish(process)
    XCTAssertEqual(run.status, 130, run.complaint)
    assertHas(run.complaint, "Interrupted: swiftlet setup goes on where it stopped.")
    try bench.ask("SELECT pg_terminate_backend(\(try sessions("psql", "pg_sleep")))")
    XCTAssertNotNil(holder.wait(seconds: 20))
    XCTAssertEqual(try bench.run().status, 0)
  }

  /// As after a run that was killed: its statement is still under way.
  func testARoleThatAnotherSessionIsMakingIsWaitedFor() throws {
    let bench = try XCTUnwrap(bench)
    let name = bench.tool.name
    func count(_ condition: String) throws -> String {
      try bench.ask(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%\(name)%' AND \(condition)")
    }
    let (other, words) = (Process(), Pipe())
    other.executableURL = URL(fileURLWithPath: "/usr/bin/psql")
    other.arguments = ["-qX", bench.admin]
    other.standardInput = words
    try other.run()
    words.fileHandleForWriting.write(Data("BEGIN; CREATE ROLE \(name) LOGIN;\n".utf8))
    XCTAssertTrue(
      try eventually(seconds: 60) { try count("state = 'idle in transaction'") == "1\n" })
    let process = try bench.start(["--postgres-admin", bench.admin])
    XCTAssertTrue(try eventually(seconds: 60) { try count("wait_event_type = 'Lock'") == "1\n" })
    words.fileHandleForWriting.write(Data("COMMIT;\n".utf8))
    try words.fileHandleForWriting.close()
    let run = CommandLineTool.finish(process)
    XCTAssertEqual(run.status, 0, run.output + run.complaint)
    other.waitUntilExit()
  }

  func testAnotherPasswordIsToldAndNotChanged() throws {
    let bench = try XCTUnwrap(bench)
    try bench.control("add_user", bench.broker, "another")
    try bench.control("add_vhost", bench.broker)
    try bench.control("set_permissions", "-p", bench.broker, bench.broker, ".*", ".*", ".*")
    let run = try bench.run("--postgres-admin", bench.admin)
    XCTAssertEqual(run.status, 70, run.complaint)
    assertHas(
      run.complaint, "has another password than RABBITMQ_URL", "rabbitmqctl change_password")
    XCTAssertFalse(run.output.contains("secret") || run.complaint.contains("secret"))
    try bench.control("authenticate_user", bench.broker, "another")
  }

  func testARoleThatMayNotLogInIsToldAndNotChanged() throws {
    let bench = try XCTUnwrap(bench)
    let name = bench.tool.name
    try bench.ask("CREATE ROLE \(name) NOLOGIN")
    try bench.ask("CREATE DATABASE \(name) OWNER \(name)")
    let run = try bench.run("--postgres-admin", bench.admin)
    XCTAssertEqual(run.status, 70, run.complaint)
    assertHas(
      run.complaint, "the role \(name) is there and was not changed", #"\password "\#(name)""#)
    XCTAssertEqual(
      try bench.ask("SELECT rolcanlogin FROM pg_roles WHERE rolname = '\(name)'"), "f\n")
  }

  func testAServerOfAnotherMachineGetsExactCommands() throws {
    let bench = try XCTUnwrap(bench)
    try bench.write(["PG_DSN": "postgresql://links:secret@db.invalid/urls"])
    let run = try bench.run()
    XCTAssertEqual(run.status, 69, run.complaint)
    assertHas(
      run.complaint, "--postgres-admin", #"CREATE ROLE "links" LOGIN;"#,
      #"CREATE DATABASE "urls" OWNER "links";"#, #"\password "links""#)
    try bench.write([
      "PG_DSN": try TestStack.value("PG_DSN"), "RABBITMQ_URL": "amqp://clicks:secret@192.0.2.1/v",
    ])
    let broker = try bench.run()
    XCTAssertEqual(broker.status, 69, broker.complaint)
    assertHas(
      broker.complaint, "rabbitmqctl add_user clicks", "set_permissions -p v clicks '.*' '.*' '.*'")
    for complaint in [run.complaint, broker.complaint] {
      XCTAssertFalse(complaint.contains("secret"), complaint)
    }
  }

  func testWrongMissingAndUnreadableSettingsAreOneClearLine() throws {
    let bench = try XCTUnwrap(bench)
    func assertFails(_ words: String..., line: UInt = #line) throws {
      let run = try bench.run()
      XCTAssertEqual(run.status, 78, run.complaint, line: line)
      for word in words { assertHas(run.complaint, word, line: line) }
    }
    try bench.write(["SECURITY_EXPIRES": "soon"])
    try assertFails("FAILED: \(bench.file): SECURITY_EXPIRES: \"soon\" is not valid")
    try bench.write(["SECURITY_EXPIRES": "", "BASE_URL": ""])
    try assertFails("doesn't say BASE_URL", "BASE_URL=https://sho.rt")
    try bench.write(["BASE_URL": "https://sho.rt", "SWIFTLET_USER": "nobody"])
    try assertFails("nobody can't read \(bench.file)", "chmod 0640")
    try bench.write(["SWIFTLET_USER": "root", "SWIFTLET_GROUP": "no-such-group"])
    try assertFails("no group no-such-group", "SWIFTLET_GROUP")
    try FileManager.default.removeItem(atPath: bench.file)
    try assertFails("SWIFTLET_ENV: ")
  }

  func testAPasswordThatNobodyChoseIsWrittenIntoTheFileAndNeverShown() throws {
    let bench = try XCTUnwrap(bench)
    let url = try XCTUnwrap(bench.line("RABBITMQ_URL"))
    try bench.write(["RABBITMQ_URL": url.replacingOccurrences(of: ":secret@", with: "@")])
    XCTAssertEqual(chmod(bench.file, 0o600), 0)
    let dry = try bench.run("--dry-run", "--postgres-admin", bench.admin)
    assertHas(dry.output, "would make: the user \(bench.broker), the virtual host")
    XCTAssertFalse(try XCTUnwrap(bench.line("RABBITMQ_URL")).contains("\(bench.broker):"))
    let run = try bench.run("--postgres-admin", bench.admin)
    XCTAssertEqual(run.status, 0, run.complaint)
    assertHas(run.output, "its password is in RABBITMQ_URL of \(bench.file) now")
    let written = try XCTUnwrap(bench.line("RABBITMQ_URL"))
    let password = try XCTUnwrap(
      written.firstMatch(of: /amqp:\/\/[a-z_0-9]+:([A-Za-z0-9]{32})@127/)?.1)
    XCTAssertFalse(run.output.contains(password), run.output)
    var status = stat()
    XCTAssertEqual(stat(bench.file, &status), 0)
    XCTAssertEqual(status.st_mode & 0o777, 0o600)
    let again = try bench.run()
    XCTAssertEqual(again.status, 0, again.complaint)
    XCTAssertEqual(bench.line("RABBITMQ_URL"), written)
  }

  func testAnyoneButRootIsToldToBecomeRoot() throws {
    let program = TestStack.programs.appendingPathComponent("swiftlet").path
    let (status, output) = try Command.run(
      "/usr/bin/setpriv",
      ["--reuid", "nobody", "--clear-groups", program, "setup"], environment: ["SWIFTLET_ENV": ""])
    XCTAssertEqual(status, 78, output)
    assertHas(output, "sudo swiftlet setup")
  }
}
