import Foundation
import TestSupport
import XCTest

/// Which C libraries each program links: a library that a program doesn't need is memory and attack
/// surface for nothing.
final class LinkedLibrariesTests: XCTestCase {
  func testAProgramLinksTheLibrariesThatItNeedsAndNoOthers() throws {
    let expected: [String: Set<String>] = [
      "shortener": ["libfcgi", "libpq", "libhiredis", "libmaxminddb"],
      "api": [
        "libfcgi", "libpq", "libhiredis", "libidn2", "libsodium", "libqrencode", "libz",
        "libmaxminddb",
      ],
      "analytics": ["libfcgi", "libpq", "libhiredis", "libcurl", "libsodium"],
      "relay": ["librabbitmq", "libcurl"],
      "consumer": ["librabbitmq", "libcurl"],
      "invalidator": ["libpq", "libhiredis"],
      "dispatcher": ["libpq", "libhiredis", "libcurl", "libidn2"],
      "swiftlet": [
        "libpq", "libhiredis", "librabbitmq", "libcurl", "libidn2", "libsodium", "libz",
        "libqrencode", "libmaxminddb",
      ],
    ]
    for (program, libraries) in expected {
      XCTAssertEqual(try linked(program), libraries, program)
    }
  }

  /// The names in the NEEDED entries of a program, without Swift's own and the C library.
  private func linked(_ program: String) throws -> Set<String> {
    let path = TestStack.programs.appending(path: program).path
    let output = try Command.check("/usr/bin/readelf", ["--dynamic", "--wide", path])
    let names = output.split(separator: "\n").filter { $0.contains("(NEEDED)") }
      .compactMap { $0.split(separator: "[").last?.prefix { $0 != "." && $0 != "]" } }
      .map(String.init)
    XCTAssertTrue(names.contains("libc"), "\(program): \(output.prefix(300))")
    return Set(names).filter {
      !$0.hasPrefix("libswift") && !$0.contains("Foundation") && !$0.hasPrefix("ld-linux")
        && !["libc", "libm", "libstdc++", "libgcc_s", "libdispatch", "libBlocksRuntime"].contains(
          $0)
    }
  }
}
