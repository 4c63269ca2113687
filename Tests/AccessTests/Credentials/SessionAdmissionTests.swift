import HTTPTypes
import Hashing
import Service
import Web
import XCTest

@testable import Access

/// Who is admitted by a session, and who may sign in.
final class SessionAdmissionTests: XCTestCase {
  private let value = Token.random()
  private let secret = KeySecret.random()
  private let key = Key(
    id: 7, tenant: 3, rights: KeyRights(scopes: [.readOnly]),
    session: KeySession(id: 5, endsAt: .max))

  /// The result of a request with some of these.
  private func admit(
    _ authenticator: Authenticator, session: String? = nil, apiKey: String? = nil,
    authorization: String? = nil, isOfOwnPage: Bool = true, from address: String = "192.0.2.1",
    for permission: Permission = .read(.shortURLs)
  ) -> Result<Caller, AccessFailure> {
    let texts = ["/rest/v3/short-urls", session, apiKey, authorization, address]
    return lend(texts) { lent in
      let request = Request(
        method: .get, target: lent[0]!, remoteAddress: lent[4], apiKey: lent[2],
        authorization: lent[3], session: lent[1], isOfOwnPage: isOfOwnPage)
      return Result { () throws(AccessFailure) in
        try authenticator.admit(request, for: permission).caller
      }
    }
  }

  private func lend<Answer>(
    _ texts: [String?], _ lent: [Request.Bytes?] = [], _ body: ([Request.Bytes?]) -> Answer
  ) -> Answer {
    guard lent.count < texts.count else { return body(lent) }
    guard var text = texts[lent.count] else { return lend(texts, lent + [nil], body) }
    return text.withUTF8 { lend(texts, lent + [$0], body) }
  }

  func testASessionIsItsKey() {
    let authenticator = Authenticator(Sessions([value.hash: key]))
    XCTAssertEqual(admit(authenticator, session: value.text), .success(.key(key)))
    guard
      case .failure(.forbidden) = admit(
        authenticator, session: value.text, for: .edit(.shortURLs))
    else { return XCTFail("it may do more than its key") }
    XCTAssertEqual(admit(authenticator, session: value.text, for: .own), .success(.key(key)))
  }

  func testAKeyCountsBeforeASession() {
    let source = Sessions([value.hash: key])
    let authenticator = Authenticator(source)
    XCTAssertEqual(
      admit(authenticator, session: value.text, apiKey: secret.text), .failure(.invalidKey))
    XCTAssertEqual(
      admit(authenticator, session: value.text, authorization: "Bearer \(secret.text)"),
      .failure(.invalidKey))
    XCTAssertEqual(source.asked, 0)
    XCTAssertEqual(
      admit(authenticator, session: value.text, authorization: "Basic eDp5"), .success(.key(key)),
      "a proxy's credentials are none of a key")
  }

  func testASessionIsNoKeyAndAKeyIsNoSession() {
    let authenticator = Authenticator(Sessions([value.hash: key]))
    XCTAssertEqual(admit(authenticator, session: value.text), .success(.key(key)))
    XCTAssertEqual(admit(authenticator, apiKey: value.text), .failure(.invalidKey))
    XCTAssertEqual(admit(authenticator, session: secret.text), .failure(.sessionEnded))
  }

  func testManyTabsWithAnEndedSessionAreOneGuess() {
    let source = Sessions([:])
    let authenticator = Authenticator(source, wrongKeys: WrongKeys(limit: 2))
    for _ in 0..<1000 {
      XCTAssertEqual(admit(authenticator, session: value.text), .failure(.sessionEnded))
    }
    XCTAssertEqual(source.asked, 1)
    source.sessions = [Token.sample.hash: key]
    XCTAssertEqual(admit(authenticator, session: Token.sample.text), .success(.key(key)))
    XCTAssertEqual(admit(authenticator, apiKey: secret.text), .failure(.invalidKey))
  }

  func testGuessingOfSessionsIsBoundedAndLocksNoKeyOut() {
    let source = Sessions([value.hash: key])
    let authenticator = Authenticator(source, wrongKeys: WrongKeys(limit: 3))
    XCTAssertEqual(admit(authenticator, session: value.text), .success(.key(key)))
    let results = (0..<50).map { _ in admit(authenticator, session: Token.random().text) }
    XCTAssertEqual(results.count { $0 == .failure(.sessionEnded) }, 3)
    XCTAssertEqual(source.asked, 4)
    XCTAssertEqual(admit(authenticator, session: value.text), .success(.key(key)), "it was good")
    XCTAssertEqual(admit(authenticator, apiKey: secret.text), .failure(.invalidKey))
    XCTAssertEqual(
      admit(authenticator, session: Token.random().text, from: "192.0.2.2"),
      .failure(.sessionEnded), "another client")
  }

  func testASessionThatEndsIsLookedUpAgain() {
    let past = Key(
      id: 7, tenant: 3, rights: KeyRights(),
      session: KeySession(id: 5, endsAt: SystemClock.milliseconds() - 1))
    let source = Sessions([value.hash: past])
    let authenticator = Authenticator(source)
    XCTAssertEqual(admit(authenticator, session: value.text), .success(.key(past)))
    source.sessions = [:]
    XCTAssertEqual(admit(authenticator, session: value.text), .failure(.sessionEnded))
  }

  func testASignInTakesAKeyOrAPageOfOursAndLooksAtNoSession() {
    let source = Sessions([:])
    let authenticator = Authenticator(source)
    XCTAssertEqual(
      admit(authenticator, session: value.text, for: .signIn), .success(.anyone))
    XCTAssertEqual(
      admit(authenticator, authorization: "Basic eDp5", for: .signIn), .success(.anyone))
    XCTAssertEqual(admit(authenticator, isOfOwnPage: false, for: .signIn), .failure(.noKey))
    XCTAssertEqual(
      admit(authenticator, session: value.text, isOfOwnPage: false, for: .signIn),
      .failure(.noKey))
    XCTAssertEqual(
      admit(authenticator, apiKey: secret.text, for: .signIn), .failure(.invalidKey))
    XCTAssertEqual(source.asked, 0)
    XCTAssertEqual(admit(authenticator, for: .own), .failure(.noKey))
  }
}

/// Sessions that are there.
private final class Sessions: KeySource {
  var sessions: [SHA256: Key]
  private(set) var asked = 0

  init(_ sessions: [SHA256: Key]) {
    self.sessions = sessions
  }

  func find(_: SHA256) -> Key? { nil }

  func find(session hash: SHA256) -> Key? {
    asked += 1
    return sessions[hash]
  }
}
