import TestSupport
import XCTest

/// nginx's site file, as `swiftlet site` prints it for an environment.
final class SiteCommandTests: XCTestCase {
  /// Runs it with these variables alone.
  private func site(_ variables: [String: String]) throws -> (status: Int32, output: String) {
    let words = variables.merging(["SWIFTLET_ENV": "/dev/null"]) { own, _ in own }
      .map { "\($0.key)=\($0.value)" }
    return try Command.run(
      "/usr/bin/env",
      ["-i"] + words + [TestStack.programs.appendingPathComponent("swiftlet").path, "site"])
  }

  private func lines(_ variables: [String: String]) throws -> [String] {
    let (status, output) = try site(variables)
    XCTAssertEqual(status, 0, output)
    return output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private func assertLines(
    _ variables: [String: String], _ expected: [String], line: UInt = #line
  ) throws {
    let lines = try lines(variables)
    for wanted in expected { XCTAssertTrue(lines.contains(wanted), wanted, line: line) }
  }

  func testItAnswersToTheHostOfTheBaseURLOnEveryAddress() throws {
    try assertLines(
      ["BASE_URL": "https://Sho.RT:8443/"],
      ["listen 80;", "listen [::]:80;", "server_name sho.rt;"])
    try assertLines(["BASE_URL": "http://[2001:DB8:0:0:0::1]"], ["server_name [2001:db8::1];"])
    try assertLines(
      ["SITE_LISTEN": "127.0.0.1:81 default_server", "SITE_NAME": "a.example *.b.example"],
      ["listen 127.0.0.1:81 default_server;", "server_name a.example *.b.example;"])
  }

  func testWithACertificateHTTPLeadsToHTTPS() throws {
    let secure = [
      "BASE_URL": "https://sho.rt:8443", "TLS_CERTIFICATE": "/srv/a b.pem", "TLS_KEY": "/srv/key",
      "ACME_DIRECTORY": "/srv/acme",
    ]
    try assertLines(
      secure,
      [
        "listen 80;", "listen [::]:80;", "include swiftlet/https.conf;",
        #"set $swiftlet_acme "/srv/acme";"#, #"set $swiftlet_https_port ":8443";"#,
        "listen 443 ssl http2;", "listen [::]:443 ssl http2;", "include swiftlet/tls.conf;",
        #"ssl_certificate "/srv/a b.pem";"#, #"ssl_certificate_key "/srv/key";"#,
      ])
    try assertLines(
      secure.merging([
        "TLS_LISTEN": "192.0.2.1:443", "REAL_IP_HEADER": "proxy_protocol",
        "REAL_IP_FROM": "10.0.0.0/8",
      ]) { _, other in other },
      ["listen 80 proxy_protocol;", "listen 192.0.2.1:443 ssl http2 proxy_protocol;"])
    // What is served is there once.
    let all = secure.merging(["FAST_PATH": "1", "MULTI_SEGMENT_SLUGS": "1"]) { _, other in other }
    for line in ["server", "fastpath", "fastpath-segments", "dashboard", "rest"] {
      XCTAssertEqual(try lines(all).count { $0 == "include swiftlet/\(line).conf;" }, 1, line)
    }
  }

  func testSettingsThatDoNotFitTogetherStopItWithALine() throws {
    let pair = ["TLS_CERTIFICATE": "/srv/c", "TLS_KEY": "/srv/k", "BASE_URL": "https://sho.rt"]
    for (name, variables) in [
      ("TLS_KEY", ["TLS_KEY": ""]), ("TLS_CERTIFICATE", ["TLS_CERTIFICATE": ""]),
      ("BASE_URL", ["BASE_URL": "http://sho.rt"]),
      ("HSTS_MAX_AGE", ["TLS_CERTIFICATE": "", "TLS_KEY": "", "HSTS_MAX_AGE": "60"]),
      ("REAL_IP_FROM", ["REAL_IP_HEADER": "proxy_protocol"]),
    ] {
      let (status, output) = try site(pair.merging(variables) { _, other in other })
      XCTAssertEqual(status, 78, name)
      XCTAssertTrue(output.hasPrefix("swiftlet: \(name): "), output)
      XCTAssertEqual(output.split(separator: "\n").count, 1, output)
    }
    // A load balancer may have the certificate.
    try assertLines(["BASE_URL": "https://sho.rt"], ["listen 80;", "include swiftlet/acme.conf;"])
  }

  func testWithoutIPv6ItListensByIPv4Alone() throws {
    let (status, output) = try Command.run(
      "/usr/bin/strace",
      [
        "-f", "-qq", "-o", "/dev/null", "-e", "trace=socket", "-e",
        "inject=socket:error=EAFNOSUPPORT", "/usr/bin/env", "-i", "SWIFTLET_ENV=/dev/null",
        TestStack.programs.appendingPathComponent("swiftlet").path, "site",
      ])
    XCTAssertEqual(status, 0, output)
    XCTAssertTrue(output.contains("\n    listen 80;\n"), output)
    XCTAssertFalse(output.contains("[::]"), output)
  }

  func testItsPathsAreThoseOfTheSettings() throws {
    try assertLines(
      [
        "SWIFTLET_RUN": "/srv/run dir", "SITE_LOG": "/srv/log dir", "SITE_DOCS": "/srv/docs dir",
        "SITE_PAGES": "/srv/pages dir", "SITE_DASHBOARD": "/srv/page dir",
        "SHORTENER_LOOKUP_WORKERS": "2", "WORKER_CONNECTIONS": "100", "NGINX_WORKERS": "3",
      ],
      [
        #"server "unix:/srv/run dir/shortener.sock" max_fails=0;"#,
        #"server "unix:/srv/run dir/shortener-lookup.sock" max_fails=0 max_conns=66;"#,
        #"access_log "/srv/log dir/access.log" swiftlet buffer=32k flush=1s;"#,
        #"set $swiftlet_docs "/srv/docs dir";"#, #"default "/srv/pages dir";"#,
        #"set $swiftlet_dashboard "/srv/page dir";"#, "include swiftlet/dashboard.conf;",
      ])
  }

  func testWithoutTheDashboardNothingOfItIsThere() throws {
    let lines = try site(["DASHBOARD": "0"]).output.split(separator: "\n")
      .filter { !$0.hasPrefix("#") }
    XCTAssertFalse(lines.contains { $0.contains("dashboard") })
  }

  func testALimitThatIsOffCountsNobody() throws {
    try assertLines(
      [
        "LIMIT_CREATIONS": "7", "LIMIT_STATS": "0", "LIMIT_CONNECTIONS": "0", "LIMIT_REST": "3",
      ],
      [
        "limit_req_zone $swiftlet_stranger zone=swiftlet_creation:10m rate=7r/m;",
        #"limit_req_zone "" zone=swiftlet_stats:10m rate=1r/m;"#,
        "limit_req_zone $swiftlet_stranger zone=swiftlet_rest:10m rate=3r/s;",
        "limit_req_zone $swiftlet_client zone=swiftlet_health:10m rate=10r/s;",
        #"limit_conn_zone "" zone=swiftlet_connections:10m;"#, "limit_conn swiftlet_connections 1;",
        // The seconds until another link may be made.
        "default 9;",
      ])
  }

  func testEachAllowedOriginHasALine() throws {
    try assertLines(
      ["CORS_ORIGINS": "https://a.example,http://b.example:81  https://c.example"],
      [
        #""https://a.example" "https://a.example";"#,
        #""http://b.example:81" "http://b.example:81";"#,
        #""https://c.example" "https://c.example";"#,
      ])
  }

  func testItsOwnOriginIsThatOfTheBaseURL() throws {
    try assertLines(
      ["BASE_URL": "https://Sho.RT:443/"],
      ["map \"\" $swiftlet_origin {", #"default "https://sho.rt";"#])
  }

  func testEveryOriginMayCallTheRESTAPIUnlessSomeAreNamed() throws {
    let any = #""~." "*";"#
    try assertLines(["CORS_ORIGINS": "https://a.example"], [any])
    let named = ["CORS_ORIGINS": "https://a.example", "REST_CORS_ORIGINS": "https://b.example"]
    try assertLines(named, [#""https://b.example" "https://b.example";"#])
    XCTAssertFalse(try lines(named).contains(any))
  }

  func testAVisitIsCountedByThePolicies() throws {
    try assertLines(
      [:],
      [
        #"":::" "";"#, #""~^1:[^:]*:[^:]*:[^:]*$" 0;"#, #""~^[^:]*:1:[^:]*:1$" 6;"#,
        #""~^[^:]*:1:[^:]*:[^:]*$" 2;"#, #""~^[^:]*:[^:]*:[^:]*:1$" 4;"#,
        "map \"\" $swiftlet_counting {", "default $swiftlet_client_counting;",
        "set $swiftlet_visit $swiftlet_counting;",
      ])
    try assertLines(
      [
        "PREFETCH_POLICY": "count", "GPC_POLICY": "count", "DNT_POLICY": "ignore",
        "DISABLE_TRACK_PARAM": "no", "DISABLE_TRACKING_FROM": "10.0.0.0/10, 2001:db8::*",
      ],
      [
        #""~^[^:]*:[^:]*:1:[^:]*$" 0;"#, #""~^1:[^:]*:[^:]*:[^:]*$" 1;"#,
        #""~^[^?]*+\?([^&]*+&)*?(\x6e|(?i:%6e))(\x6f|(?i:%6f))(=|&|$)" 0;"#,
        #""~^(?s)(\x00{10}\xff\xff)?\x0a[\x00-\x3f]..\z" 0;"#,
        "default $swiftlet_query_counting;", "map $binary_remote_addr $swiftlet_counting {",
      ])
  }

  func testTheFastPathHasItsValuesAndNoneOfThemWhenItIsOff() throws {
    let values = [
      "REDIS_URL": "redis://:pa$s{}@host:1/3", "JOURNAL_DIR": "/srv/a b", "REDIS_TIMEOUT_MS": "5",
      "JOURNAL_SEGMENT_BYTES": "16384", "SITE_FOLDER": "/srv/nginx", "STATE_DIR": "/srv/c d",
    ]
    try assertLines(
      values.merging(["FAST_PATH": "1"]) { own, _ in own },
      [
        #"redis_url = "redis://:pa$s{}@host:1/3","#, #"journal_dir = "/srv/a b","#,
        #"state_dir = "/srv/c d","#,
        "redis_timeout_ms = 5,", "journal_segment_bytes = 16384,", "hot_cache_ms = 30000,",
        #"package.path = "/srv/nginx/?.lua;" .. package.path"#, "include swiftlet/fastpath.conf;",
      ])
    let without = try site(values).output
    for word in ["redis://", "/srv/a b", "/srv/c d", "lua_shared_dict"] {
      XCTAssertFalse(without.contains(word), word)
    }
  }

  /// What would end nginx's quoted string or its directive, or be read as a variable of nginx.
  func testAHostileValueStopsItWithALineThatNamesTheVariable() throws {
    for (name, values) in Self.hostile {
      for value in values {
        let (status, output) = try site([name: value, "FAST_PATH": "1"])
        XCTAssertEqual(status, 78, "\(name)=\(value)")
        XCTAssertTrue(output.hasPrefix("swiftlet: \(name): "), output)
        XCTAssertEqual(output.split(separator: "\n").count, 1, output)
      }
    }
  }

  func testAContactNeedsAnEnd() throws {
    let (status, output) = try site(["SECURITY_CONTACT": "mailto:a@example.com"])
    XCTAssertEqual(status, 78)
    XCTAssertTrue(output.hasPrefix("swiftlet: SECURITY_EXPIRES: "), output)
  }

  /// A setting of a program is none of nginx's concerns.
  func testItReadsNothingThatItDoesNotPrint() throws {
    XCTAssertEqual(
      try site(["CACHE_TTL": "soon", "PG_DSN": "\n", "REDIS_URL": "h", "JOURNAL_DIR": "\""]).status,
      0)
  }
}
