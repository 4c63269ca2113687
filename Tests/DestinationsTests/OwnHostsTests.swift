import Destinations
import Links
import XCTest

final class OwnHostsTests: XCTestCase {
  private func outcome(_ url: String) throws -> DestinationURLError? {
    let own = try OwnHosts(
      ["Sho.RT", "bücher.example", "203.0.113.5", "2001:db8::7"],
      addresses: ["198.51.100.9", "::192.0.2.1"])
    do throws(DestinationURLError) {
      _ = try DestinationURL(url, ownHosts: own)
      return nil
    } catch {
      return error
    }
  }

  func testTheOwnHostIsRefusedInEverySpelling() throws {
    for url in [
      "https://sho.rt/abc", "http://SHO.RT:8080/abc", "http://sho.rt./abc", "http://sho.rt:/abc",
      "http://sho.rt", "http://sho.rt?a", "http://ｓｈｏ.rt/", "http://sho\u{3002}rt/",
      "http://sh\u{AD}o.rt/", " http://sho.rt/ ",
      "https://bücher.example/", "https://BÜCHER.example./", "https://xn--bcher-kva.example/",
      "https://XN--BCHER-kva.example:99/", "http://203.0.113.5/", "http://203.0.113.5:8080/a",
      "http://２０３.0.113.5/", "http://198.51.100.9/", "http://[2001:db8::7]/",
      "http://[2001:DB8:0:0::0007]:443/", "http://[64:ff9b::203.0.113.5]/",
      "http://[64:ff9b::cb00:7105]/",
    ] {
      XCTAssertEqual(try outcome(url), .leadsBack, url)
    }
    for url in [
      "http://203.0.113.5./", "http://3405803781/", "http://3405803781./", "http://0xcb007105/",
      "http://0xcb.0.0x7105./", "http://[::ffff:203.0.113.5]/", "http://[::ffff:cb00:7105]/",
      "http://[::192.0.2.1]/", "http://sh%6f.rt/", "http://sho.rt%2e/",
    ] {
      XCTAssertNotNil(try outcome(url), url)
    }
  }

  func testThisMachinesOwnNamesAndAddressesAreRefused() throws {
    for url in [
      "http://localhost/", "http://LOCALHOST.:8080/", "http://a.localhost/",
      "http://127.0.0.1:3000/",
      "http://127.8.9.10/", "http://0.0.0.0/", "http://[::1]/", "http://[0:0:0:0:0:0:0:1]/",
      "http://[::]/", "http://[64:ff9b::7f00:1]/",
    ] {
      XCTAssertEqual(try outcome(url), .leadsBack, url)
    }
  }

  func testOtherHostsAreTaken() throws {
    for url in [
      "http://sho.rt.example/", "http://asho.rt/", "http://203.0.113.6/", "http://[2001:db8::8]/",
      "http://localhost.example/", "http://notlocalhost/", "http://128.0.0.1/",
      "http://[::1:0:0:1]/",
    ] {
      XCTAssertNil(try outcome(url), url)
    }
  }

  func testANameThatIsNoHostIsNamed() {
    for name in ["a..b", "a:80", "a/b", "", "1.2.3", "[::1", "faß❤"] {
      XCTAssertThrowsError(try OwnHosts(["sho.rt", name])) { error in
        XCTAssertEqual((error as? OwnHosts.NotAHost)?.name, name)
      }
    }
  }
}
