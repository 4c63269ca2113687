import API
import ArgumentParser
import Destinations
import Files
import JSON
import Links
import Management
import Web

/// A rule as a command's options have it.
struct RuleText {
  /// The limit of a file's bytes: as much as a request may have.
  private static let largestFile = 65_536

  let to: String
  let when: [String]

  /// The rule in the form of a request.
  var json: JSONValue {
    .object(
      JSONObject([
        .init("longUrl", .string(to)), .init("conditions", .array(when.map(Self.condition))),
      ]))
  }

  /// `TYPE=VALUE`, `TYPE:NAME=VALUE` or `TYPE:NAME`; a wrong type is told when it is read.
  private static func condition(_ text: String) -> JSONValue {
    let type = text.prefix { $0 != "=" && $0 != ":" }
    var rest = text[type.endIndex...]
    var key: Substring?
    if rest.first == ":" {
      let name = rest.dropFirst().prefix { $0 != "=" }
      key = name
      rest = rest[name.endIndex...]
    }
    let value = rest.isEmpty ? nil : rest.dropFirst()
    return .object(
      JSONObject([
        .init("type", .string(String(type))),
        .init("matchKey", key.map { .string(String($0)) } ?? .null),
        .init("matchValue", value.map { .string(String($0)) } ?? .null),
      ]))
  }

  /// Reads a list of rules like the body of a request.
  ///
  /// - Throws: `ValidationError` with what is wrong.
  static func rules(_ json: JSONValue, _ ownHosts: OwnHosts) throws -> [RedirectRule] {
    var reader = InputReader(
      path: ["shortCode": "0"], query: QueryString(),
      members: JSONObject([.init("redirectRules", json)]), SetRedirectRules.body)
    let input = SetRedirectRules(ownHosts).input(from: &reader)
    do throws(InputFailure) {
      return try input.rules.get()
    } catch {
      throw ValidationError(error.problem(isREST: true).detail)
    }
  }

  /// The list of rules in a file.
  ///
  /// - Throws: `FileError`, or `ValidationError` for what is no JSON.
  static func json(ofFile path: String) throws -> JSONValue {
    let file = try File(
      path == "-" ? "/dev/stdin" : path, for: .reading, followsLinks: true)
    let bytes = try file.bytes(atMost: largestFile)
    do throws(JSONError) {
      let json = try JSONValue(parsing: bytes)
      return json.object?["redirectRules"] ?? json
    } catch {
      throw ValidationError("\(path) is not JSON: \(error)")
    }
  }
}
