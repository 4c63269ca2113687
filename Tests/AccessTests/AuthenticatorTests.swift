import HTTPTypes
import Hashing
import Web
import XCTest

@testable import Access

final class AuthenticatorTests: XCTestCase {
  private let secret = KeySecret.random()
  private let key = Key(id: 7, tenant: 3, rights: KeyRights(scopes: [.readOnly]))

  private func caller(
    _ authenticator: Authenticator, apiKey: String? = nil, authorization: String? = nil,
    for permission: Permission = .read(.shortURLs)
  ) -> Result<Caller, AccessFailure> {
    Self.lend("/rest/v3/short-urls") { target in
      Self.lend(apiKey) { apiKey in
        Self.lend(authorization) { authorization in
          let request = Request(
            method: .get, target: target!, apiKey: apiKey, authorization: authorization)
          return Result { () throws(AccessFailure) in
            try authenticator.admit(request, for: permission).caller
          }
        }
      }
    }
  }

  private static func lend<Answer>(_ text: String?, _ body: (Request.Bytes?) -> Answer) -> Answer {
    guard var text else { return body(nil) }
    return text.withUTF8 { body($0) }
  }

  func testAKeyIsTakenFromEitherHeader() {
    let authenticator = Authenticator(Issued([secret.hash: key]))
    let expected = Result<Caller, AccessFailure>.success(.key(key))
    XCTAssertEqual(caller(authenticator, apiKey: secret.text), expected)
    for scheme in ["Bearer ", "bearer ", "BEARER   "] {
      XCTAssertEqual(caller(authenticator, authorization: scheme + secret.text), expected)
    }
    for other in ["Basic ", "Bearer", "", "Bearer x"] {
      XCTAssertEqual(
        caller(authenticator, authorization: other + secret.text), .failure(.invalidKey), other)
    }
    XCTAssertEqual(
      caller(authenticator, apiKey: "", authorization: "Bearer " + secret.text),
      .failure(.invalidKey), "the header that is there counts")
  }

  func testWhatIsNoKeyIsRefusedWithoutAStore() {
    let source = Issued([:])
    let authenticator = Authenticator(source)
    for text in ["", "short", String(secret.text.dropLast()), secret.text + "0"] {
      XCTAssertEqual(caller(authenticator, apiKey: text), .failure(.invalidKey))
    }
    XCTAssertEqual(caller(authenticator), .failure(.noKey))
    XCTAssertEqual(source.asked, 0)
    XCTAssertEqual(caller(authenticator, apiKey: secret.text), .failure(.invalidKey))
    XCTAssertEqual(source.asked, 1)
  }

  func testAKeyIsRememberedAndAnUnknownOneIsNot() {
    let source = Issued([:])
    let authenticator = Authenticator(source)
    XCTAssertEqual(caller(authenticator, apiKey: secret.text), .failure(.invalidKey))
    source.keys = [secret.hash: key]
    for _ in 0..<3 {
      XCTAssertEqual(caller(authenticator, apiKey: secret.text), .success(.key(key)))
    }
    // A machine that stops for half a second asks again.
    XCTAssertLessThanOrEqual(source.asked, 4)
    XCTAssertGreaterThanOrEqual(source.asked, 2)
  }

  func testAKeyThatIsTakenAwayStopsWorking() throws {
    let source = Issued([secret.hash: key])
    let authenticator = Authenticator(source)
    XCTAssertEqual(caller(authenticator, apiKey: secret.text), .success(.key(key)))
    source.keys = [:]
    let end = Date(timeIntervalSinceNow: 30)
    while Date() < end, caller(authenticator, apiKey: secret.text) == .success(.key(key)) {
      Thread.sleep(forTimeInterval: 0.02)
    }
    XCTAssertEqual(caller(authenticator, apiKey: secret.text), .failure(.invalidKey))
  }

  func testARememberedKeyThatExpiresIsLookedUpAgain() {
    let expired = Key(id: 7, tenant: 3, rights: KeyRights(expiresAt: 1))
    let source = Issued([secret.hash: expired])
    let authenticator = Authenticator(source)
    XCTAssertEqual(caller(authenticator, apiKey: secret.text), .success(.key(expired)))
    source.keys = [:]
    XCTAssertEqual(caller(authenticator, apiKey: secret.text), .failure(.invalidKey))
  }

  func testAGoodKeyMayDoWhatItsScopesAllow() {
    let authenticator = Authenticator(Issued([secret.hash: key]))
    guard
      case .failure(.forbidden) = caller(
        authenticator, apiKey: secret.text, for: .edit(.shortURLs))
    else { return XCTFail("a read-only key may edit") }
  }

  func testWhatIsOpenAsksForNoKey() {
    let source = Issued([:])
    XCTAssertEqual(
      caller(Authenticator(source), apiKey: secret.text, for: .open), .success(.anyone))
    XCTAssertEqual(source.asked, 0)
  }
}

/// Keys that are there.
private final class Issued: KeySource {
  var keys: [SHA256: Key]
  private(set) var asked = 0

  init(_ keys: [SHA256: Key]) {
    self.keys = keys
  }

  func find(_ hash: SHA256) -> Key? {
    asked += 1
    return keys[hash]
  }

  func find(session _: SHA256) -> Key? { nil }
}
