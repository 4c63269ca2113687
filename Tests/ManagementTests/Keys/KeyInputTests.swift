import API
import Access
import JSON
import Management
import Web
import XCTest

/// What a request may say of a key.
final class KeyInputTests: XCTestCase {
  private func creation(_ body: String) throws -> (KeyCreation, [String]) {
    let object = try XCTUnwrap(JSONValue(parsing: Array(body.utf8)).object)
    var reader = InputReader(path: [:], query: QueryString(), members: object, .lenient)
    let creation = KeyCreation(from: &reader)
    return (creation, reader.complaints.map(\.name))
  }

  func testAKeyIsReadWithAllItsFields() throws {
    let (creation, complaints) = try creation(
      #"""
      {"name": "n", "roles": [{"role": "AUTHORED_SHORT_URLS"},
        {"role": "DOMAIN_SPECIFIC", "domain": "S.Test"}], "scopes": ["read-only", "admin"],
        "expiresAt": "2027-01-01T00:00:00+01:00", "rateLimit": "60", "enabled": false, "x": 1}
      """#)
    XCTAssertEqual(complaints, [])
    XCTAssertEqual(
      creation,
      KeyCreation(
        name: "n",
        rights: KeyRights(
          isAuthoredOnly: true, domain: "S.Test", scopes: [.readOnly, .admin], rateLimit: 60,
          expiresAt: 1_798_758_000_000), isEnabled: false))
    XCTAssertEqual(
      try self.creation(#"{"name": "n"}"#).0, KeyCreation(name: "n", rights: KeyRights()))
    XCTAssertEqual(
      try self.creation(
        #"{"name": "n", "roles": [{"role": "DOMAIN_SPECIFIC", "domain": "default"}]}"#
      ).0.rights.domain, "default")
  }

  func testWhatIsWrongIsNamed() throws {
    for (body, name) in [
      ("{}", "name"), (#"{"name": ""}"#, "name"), (#"{"name": " n"}"#, "name"),
      (#"{"name": "a\u0007"}"#, "name"), (#"{"name": 1}"#, "name"),
      (#"{"name": "\#(String(repeating: "n", count: 256))"}"#, "name"),
      (#"{"name": "n", "roles": {}}"#, "roles"), (#"{"name": "n", "roles": [1]}"#, "roles"),
      (#"{"name": "n", "roles": [{}]}"#, "roles"),
      (#"{"name": "n", "roles": [{"role": "OWNER"}]}"#, "roles"),
      (#"{"name": "n", "roles": [{"role": "DOMAIN_SPECIFIC"}]}"#, "roles"),
      (#"{"name": "n", "roles": [{"role": "DOMAIN_SPECIFIC", "domain": ""}]}"#, "roles"),
      (#"{"name": "n", "roles": [{"role": "DOMAIN_SPECIFIC", "domain": "a/b"}]}"#, "roles"),
      (#"{"name": "n", "roles": [{"role": "DOMAIN_SPECIFIC", "domain": "a..b"}]}"#, "roles"),
      (#"{"name": "n", "roles": [{"role": "DOMAIN_SPECIFIC", "domain": 7}]}"#, "roles"),
      (#"{"name": "n", "roles": [{"role": "NO_ORPHAN_VISITS", "domain": "a"}]}"#, "roles"),
      (
        #"{"name": "n", "roles": [{"role": "NO_ORPHAN_VISITS"}, {"role": "NO_ORPHAN_VISITS"}]}"#,
        "roles"
      ),
      (#"{"name": "n", "scopes": ["root"]}"#, "scopes"),
      (#"{"name": "n", "scopes": "admin"}"#, "scopes"),
      (#"{"name": "n", "expiresAt": "tomorrow"}"#, "expiresAt"),
      (#"{"name": "n", "rateLimit": 0}"#, "rateLimit"),
      (#"{"name": "n", "enabled": 1}"#, "enabled"),
    ] {
      XCTAssertEqual(try creation(body).1, [name], body)
    }
  }
}
