import Foundation
import TestSupport
import XCTest

/// `swiftlet settings` as a process, in an environment and with files of a test's own.
final class SettingsCommandTests: SettingsTestCase {
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
}
