import Foundation
import TestSupport
import XCTest

/// `swiftlet setup` on a host without the programs' user.
final class SetupUserTests: XCTestCase {
  /// Runs a command twice with an /etc that is gone afterwards, and looks at what is in it then.
  ///
  /// Root's own mask forbids others everything, as on some hosts.
  private static let script = """
    set -e
    mount -t tmpfs tmpfs "$1/etc"
    mkdir "$1/etc/upper" "$1/etc/work"
    mount -t overlay overlay -o "lowerdir=/etc,upperdir=$1/etc/upper,workdir=$1/etc/work" /etc
    directory=$1 user=$2
    shift 2
    umask 077
    "$@" --dry-run
    ! id "$user" 2>/dev/null
    "$@"
    echo second
    "$@"
    getent passwd "$user" | cut -d: -f6,7
    id -Gn "$user"
    cd "$directory"
    stat -c '%n %U:%G %a' swiftlet.env run log lib lib/journal lib/state
    """

  func testTheUserIsMadeAndCanReadAndEnterWhatIsItsOwn() throws {
    let bench = try SetupBench()
    defer { try? bench.end() }
    let user = "setup\(UInt32.random(in: 0...UInt32.max))"
    let server = try PrivatePostgres(demandingPasswordsOn: try Socket.freePort())
    let port = try Socket.freePort()
    let redis = try PrivateRedis(["--port", "\(port)"])
    defer { redis.kill() }
    try bench.write([
      "SWIFTLET_USER": user, "SWIFTLET_GROUP": "www-data", "PG_DSN": server.dsn("urls", as: user),
      "REDIS_URL": "redis://127.0.0.1:\(port)",
    ])
    for (path, mode) in [(bench.scratch.path, 0o711), (bench.file, 0o640)] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
    _ = try bench.scratch.make("etc")
    let run = try bench.run(
      "--postgres-admin", server.dsn("postgres"), with: ["REDIS_URL": ""],
      through: [
        "/usr/bin/unshare", "-m", "/bin/sh", "-c", Self.script, "sh", bench.scratch.path, user,
      ])
    XCTAssertEqual(run.status, 0, run.output + run.complaint)
    let parts = run.output.components(separatedBy: "second\n")
    XCTAssertTrue(parts[0].contains("  would make: the user \(user), "), parts[0])
    XCTAssertTrue(parts[0].contains("  made: the user \(user), "), parts[0])
    XCTAssertTrue(
      parts[1].hasSuffix(
        """
        /nonexistent:/usr/sbin/nologin
        \(user) www-data
        swiftlet.env root:\(user) 640
        run root:root 755
        log \(user):\(user) 750
        lib root:root 755
        lib/journal \(user):www-data 2770
        lib/state \(user):\(user) 711

        """), parts[1])
    XCTAssertTrue(parts[1].contains("kept: the user \(user)"), parts[1])
    XCTAssertFalse(parts[1].contains("made"), parts[1])
  }
}
