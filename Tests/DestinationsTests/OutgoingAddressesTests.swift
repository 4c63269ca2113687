import Destinations
import Links
import XCTest

/// Which addresses programs may connect to where a user has chosen the host.
final class OutgoingAddressesTests: XCTestCase {
  private func bytes(_ text: String) throws -> [UInt8] {
    let address = try XCTUnwrap(IPAddress(text), text)
    let all = [address.high, address.low].flatMap { half in
      (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * UInt64($0))) }
    }
    return text.contains(":") ? all : Array(all.suffix(4))
  }

  func testAddressesOfThisMachineAndOfInnerNetworksAreRefused() throws {
    let addresses = try OutgoingAddresses(allowing: [], own: ["8.8.8.8", "2a00::8"])
    for text in [
      "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.9.9.9",
      "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1",
      "198.18.0.1", "198.19.255.255", "203.0.113.9", "224.0.0.1", "239.1.1.1", "240.0.0.1",
      "255.255.255.255", "::", "::1", "::2", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
      "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::808:808", "100::1", "fc00::1", "fd12::1",
      "fe80::1", "fec0::1", "ff02::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1",
      "3fff::1", "4000::1", "8.8.8.8", "::ffff:8.8.8.8", "2a00::8",
    ] {
      XCTAssertFalse(addresses.admit(try bytes(text)), text)
    }
    for text in [
      "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255",
      "172.32.0.0", "192.167.1.1", "198.20.0.0", "223.255.255.255", "::ffff:1.1.1.1",
      "64:ff9b::101:101", "2606:4700::1111", "2a00::9",
    ] {
      XCTAssertTrue(addresses.admit(try bytes(text)), text)
    }
    for count in [0, 3, 5, 15, 17] {
      XCTAssertFalse(addresses.admit([UInt8](repeating: 8, count: count)), "\(count) bytes")
    }
  }

  func testNamedInnerNetworksMayBeConnectedTo() throws {
    let addresses = try OutgoingAddresses(
      allowing: ["10.1.0.0/16", "fd00::/8", "127.0.0.1"], own: ["127.0.0.1", "10.1.2.3"])
    for text in ["10.1.2.3", "::ffff:10.1.9.9", "fd12::1", "127.0.0.1"] {
      XCTAssertTrue(addresses.admit(try bytes(text)), text)
    }
    for text in ["10.2.0.1", "127.0.0.2", "fc00::1", "::1"] {
      XCTAssertFalse(addresses.admit(try bytes(text)), text)
    }
  }

  func testWhatIsNoNetworkIsNamed() {
    for text in ["10.0.0.0/33", "localhost", "10.0.0.0/", "fd00::/129", "10.0.0.300"] {
      XCTAssertThrowsError(try OutgoingAddresses(allowing: ["10.0.0.1", text])) { error in
        XCTAssertEqual((error as? OutgoingAddresses.NotANetwork)?.text, text)
      }
    }
  }
}
