import HTTPTypes
import Hashing
import Web
import XCTest

@testable import Access

/// Which requests are admitted: what is offered to everyone, limits of keys, and wrong keys.
final class AdmissionTests: XCTestCase {
  private let secret = KeySecret.random()

  private func admit(
    _ authenticator: Authenticator, _ key: String? = nil, from address: String = "192.0.2.1",
    for permission: Permission = .read(.shortURLs)
  ) -> Result<Admission, AccessFailure> {
    lend("/rest/v3/short-urls") { target in
      lend(key) { key in
        lend(address) { address in
          let request = Request(
            method: .get, target: target!, remoteAddress: address, apiKey: key)
          return Result { () throws(AccessFailure) in
            try authenticator.admit(request, for: permission)
          }
        }
      }
    }
  }

  private func lend<Answer>(_ text: String?, _ body: (Request.Bytes?) -> Answer) -> Answer {
    guard var text else { return body(nil) }
    return text.withUTF8 { body($0) }
  }

  private func key(_ rights: KeyRights = KeyRights()) -> Key {
    Key(id: 7, tenant: 3, rights: rights)
  }

  func testWhatIsOfferedNeedsNoKeyUnlessTheInstallationWantsOne() {
    for (offer, other) in [
      (Permission.Offer.shortening, Permission.Offer.statistics), (.statistics, .shortening),
    ] {
      let open = Authenticator(offers: [offer])
      XCTAssertEqual(admit(open, for: .offered(offer)), .success(Admission(.anyone)))
      XCTAssertEqual(admit(open, for: .offered(other)), .failure(.noKey))
      XCTAssertEqual(admit(Authenticator(offers: []), for: .offered(offer)), .failure(.noKey))
    }
    XCTAssertEqual(admit(Authenticator(), for: .create(.shortURLs)), .failure(.noKey))
  }

  func testAKeyThatIsSentCountsWhereNoneIsNeeded() {
    for offers in [Set<Permission.Offer>(), [.shortening, .statistics]] {
      let good = Authenticator(Issued(secret.hash, key()), offers: offers)
      XCTAssertEqual(
        admit(good, secret.text, for: .offered(.shortening)), .success(Admission(.key(key()))))
      XCTAssertEqual(admit(good, "wrong", for: .offered(.shortening)), .failure(.invalidKey))
      let reader = key(KeyRights(scopes: [.readOnly]))
      let reading = Authenticator(Issued(secret.hash, reader), offers: offers)
      XCTAssertEqual(
        admit(reading, secret.text, for: .offered(.statistics)), .success(Admission(.key(reader))))
      guard case .failure(.forbidden) = admit(reading, secret.text, for: .offered(.shortening))
      else { return XCTFail("a key that may only read makes a link") }
    }
  }

  func testAKeyWithALimitIsRefusedBeyondItAndTheOthersAreNotCounted() throws {
    let counter = Counter()
    let limited = key(KeyRights(scopes: [.readOnly], rateLimit: 2))
    let authenticator = Authenticator(Issued(secret.hash, limited), quotas: counter)
    for used in 1...2 {
      XCTAssertEqual(try admit(authenticator, secret.text).get().quota?.used, used)
    }
    XCTAssertEqual(
      admit(authenticator, secret.text),
      .failure(.exhausted(Quota(limit: 2, used: 3, millisecondsLeft: 5000))))
    // What the key may not do counts, too.
    guard case .failure(.exhausted) = admit(authenticator, secret.text, for: .edit(.tags)) else {
      return XCTFail("not counted")
    }
    XCTAssertEqual(admit(authenticator, secret.text, for: .open), .success(Admission(.anyone)))
    XCTAssertEqual(counter.counts, [7: 4])
    let free = Authenticator(Issued(secret.hash, key()), quotas: counter)
    XCTAssertNil(try admit(free, secret.text).get().quota)
    XCTAssertEqual(counter.counts, [7: 4])

    let problem = AccessFailure.exhausted(Quota(limit: 2, used: 3, millisecondsLeft: 5000)).problem
    XCTAssertEqual(problem.status, .tooManyRequests)
    XCTAssertEqual(
      problem.fields,
      [
        Response.Field("RateLimit-Policy", "\"key\";q=2;w=60"),
        Response.Field("RateLimit", "\"key\";r=0;t=5"), Response.Field("Retry-After", "5"),
      ])
  }

  func testARequestForNothingCountsAsAnyOther() {
    let authenticator = Authenticator(
      Issued(secret.hash, key(KeyRights(rateLimit: 2))), quotas: Counter(),
      wrongKeys: WrongKeys(limit: 1))
    func lost(_ key: String?) -> Problem {
      lend("/rest/v3/nothing") { target in
        lend(key) { key in
          lend("192.0.2.1") { address in
            authenticator.refuseLost(
              Request(method: .get, target: target!, remoteAddress: address, apiKey: key))
          }
        }
      }
    }
    for left in ["1", "0"] {
      let problem = lost(secret.text)
      XCTAssertEqual(problem.type, ProblemType.Shlink.notFound)
      XCTAssertEqual(problem.fields.map(\.value), ["\"key\";q=2;w=60", "\"key\";r=\(left);t=5"])
    }
    XCTAssertEqual(lost(secret.text).status, .tooManyRequests)
    XCTAssertEqual(lost(nil).type, ProblemType.Shlink.notFound)
    XCTAssertEqual(lost(nil).fields, [])
    XCTAssertEqual(lost(KeySecret.random().text).status, .notFound)
    XCTAssertEqual(lost(KeySecret.random().text).status, .tooManyRequests)
  }

  func testARequestForNothingElsewhereIsHeldToTheLimitsOfKeysToo() {
    let authenticator = Authenticator(
      Issued(secret.hash, key(KeyRights(rateLimit: 1))), quotas: Counter(),
      wrongKeys: WrongKeys(limit: 1))
    func refusal(_ key: String?) -> Problem? {
      lend("/shorten") { target in
        lend(key) { key in
          lend("192.0.2.1") { address in
            authenticator.refuseFlood(
              Request(method: .get, target: target!, remoteAddress: address, apiKey: key))
          }
        }
      }
    }
    for key in [secret.text, "x"] {
      XCTAssertNil(refusal(key))
      XCTAssertEqual(refusal(key)?.status, .tooManyRequests)
    }
    XCTAssertNil(refusal(nil))
  }

  func testAClientWithTooManyWrongKeysIsAnsweredWithoutAStore() {
    let store = Issued(secret.hash, key())
    let authenticator = Authenticator(store, wrongKeys: WrongKeys(limit: 3))
    XCTAssertEqual(admit(authenticator, "not like a key"), .failure(.invalidKey))
    for _ in 0..<2 {
      XCTAssertEqual(admit(authenticator, KeySecret.random().text), .failure(.invalidKey))
    }
    XCTAssertEqual(store.questions, 2)
    for wrong in ["not like a key", KeySecret.random().text] {
      guard case .failure(.tooManyWrongKeys(let seconds)) = admit(authenticator, wrong) else {
        return XCTFail("still looked at")
      }
      XCTAssertTrue((1...20).contains(seconds), "\(seconds)")
    }
    XCTAssertEqual(store.questions, 2)
    XCTAssertEqual(
      admit(authenticator, KeySecret.random().text, from: "192.0.2.2"), .failure(.invalidKey))
    XCTAssertEqual(admit(authenticator), .failure(.noKey), "no key is no wrong key")
    let problem = AccessFailure.tooManyWrongKeys(retryAfterSeconds: 4).problem
    XCTAssertEqual(problem.status, .tooManyRequests)
    XCTAssertEqual(problem.fields, [Response.Field("Retry-After", "4")])
  }

  func testAKeyThatWasGoodGoesOnWhateverOthersSendFromItsAddress() {
    let authenticator = Authenticator(Issued(secret.hash, key()), wrongKeys: WrongKeys(limit: 1))
    XCTAssertEqual(admit(authenticator, secret.text), .success(Admission(.key(key()))))
    for _ in 0..<5 { _ = admit(authenticator, KeySecret.random().text) }
    XCTAssertEqual(admit(authenticator, secret.text), .success(Admission(.key(key()))))
  }
}

private final class Issued: KeySource {
  private let hash: SHA256
  private let key: Key
  private(set) var questions = 0

  init(_ hash: SHA256, _ key: Key) {
    (self.hash, self.key) = (hash, key)
  }

  func find(_ hash: SHA256) -> Key? {
    questions += 1
    return hash == self.hash ? key : nil
  }

  func find(session _: SHA256) -> Key? { nil }
}

private final class Counter: QuotaCounter {
  private(set) var counts: [Int: Int] = [:]

  func count(_ id: Int, limit: Int) -> Quota {
    counts[id, default: 0] += 1
    return Quota(limit: limit, used: counts[id] ?? 0, millisecondsLeft: 5000)
  }
}
