import Links
import TestSupport
import Text
import XCTest

final class ScopeTests: XCTestCase {
  func testANameThatIsTheBase62OfAnIDIsThatLinks() {
    var generator = SplitMix64(seed: 12)
    let least: Int64 = 13_537_086_546_263_552
    for _ in 0..<10_000 {
      let id = Int64.random(in: least...(.max), using: &generator)
      let scope = Scope(name: Base62.encode(UInt64(id)).utf8)
      XCTAssertEqual(scope.rawValue, UInt64(id))
      XCTAssertTrue(scope.isLink)
    }
    for id in [least, .max] {
      XCTAssertEqual(Scope(name: Base62.encode(UInt64(id)).utf8).rawValue, UInt64(id))
    }
  }

  func testEveryOtherNameIsOneByItsHash() {
    for name in [
      "", "0", "promo", "summer-sale", "zzzzzzzzz", "0zzzzzzzzz", "00000000000", "AzL8n0Y58m8",
      "zzzzzzzzzzz", "AzL8n0Y58m7x", "SMtOIjlc3M0123456789", "1000000-00", "é234567890",
    ] {
      let scope = Scope(name: name.utf8)
      XCTAssertTrue(scope.isName, name)
      XCTAssertFalse(scope.isLink, name)
      XCTAssertEqual(scope.rawValue, 1 << 63 | SipHash.hash(name.utf8) >> 1, name)
    }
  }

  func testAnIDCountsWhateverTheNameIsAndNoneForAReservedScope() {
    let id = SnowflakeID(rawValue: 384_036_974_793_916_416)
    XCTAssertEqual(Scope(link: id, name: "promo".utf8).rawValue, UInt64(id.rawValue))
    XCTAssertEqual(Scope(link: nil, name: "SMtOIjlc3M".utf8).rawValue, UInt64(id.rawValue))
    XCTAssertEqual(Scope(link: id, name: "1000000000".utf8).rawValue, UInt64(id.rawValue))
    for forged: Int64 in [.min, -1, 0, 1, 2, 3, 4, 16, 4_194_303] {
      let scope = Scope(link: SnowflakeID(rawValue: forged), name: "promo".utf8)
      XCTAssertEqual(scope, Scope(name: "promo".utf8), "\(forged)")
    }
    XCTAssertEqual(Scope(link: SnowflakeID(rawValue: 1 << 22), name: "promo".utf8), .firstLink)
    for reserved in [
      Scope.marks, .everything, .baseURL, .invalidShortURL, .regular404, .firstDomain,
    ] {
      XCTAssertFalse(reserved.isLink || reserved.isName)
    }
  }
}
