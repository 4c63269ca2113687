import Redis
import XCTest

final class AddressTests: XCTestCase {
  func testEveryPartOfAURLIsRead() throws {
    XCTAssertEqual(
      try Address(parsing: "redis://localhost"), Address(.tcp(host: "localhost", port: 6379)))
    XCTAssertEqual(
      try Address(parsing: "redis://:p%40ss@10.0.0.1:6380/3"),
      Address(.tcp(host: "10.0.0.1", port: 6380), password: "p@ss", database: 3))
    XCTAssertEqual(
      try Address(parsing: "redis://app:secret@[::1]:7000/"),
      Address(.tcp(host: "::1", port: 7000), user: "app", password: "secret"))
    XCTAssertEqual(
      try Address(parsing: "unix:///run/r%20s.sock?db=2"),
      Address(.unix(path: "/run/r s.sock"), database: 2))
    XCTAssertEqual(
      try Address(parsing: "unix://:pw@/run/r.sock"),
      Address(.unix(path: "/run/r.sock"), password: "pw"))
  }

  func testWhatIsNoAddressIsRefused() {
    for url in [
      "redis://my h",
      "", "redis://", "redis://:6379", "redis://h:0", "redis://h:65536", "redis://h:x",
      "redis://h/x", "redis://h/-1", "redis://[::1]x", "unix://", "unix://relative",
      "unix:///s?database=1", "unix:///s?db=x", "rediss://h", "http://h", "redis://:%zz@h",
      "unix:///" + String(repeating: "x", count: 120),
    ] {
      XCTAssertThrowsError(try Address(parsing: url), url)
    }
  }

  func testThePasswordIsNotShown() throws {
    let address = try Address(parsing: "redis://app:secret@h:1/2")
    XCTAssertEqual("\(address)", "redis://h:1/2")
  }
}
