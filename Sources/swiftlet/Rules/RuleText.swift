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

  /// The rule, alone in a list.
  ///
  /// - Throws: `ValidationError` that names the option.
  func rules(_ ownHosts: OwnHosts) throws -> [RedirectRule] {
    do throws(InvalidValue) {
      _ = try FieldType.target(ownHosts).read(.json(.string(to)))
    } catch {
      throw ValidationError(error.isSentence ? "--to: \(error.reason)" : "--to \(error.reason)")
    }
    for text in when {
      let alone = RuleText(to: "https://example.com/", when: [text])
      do throws(InputFailure) {
        _ = try Self.read(.array([alone.json]), OwnHosts()).get()
      } catch {
        let words = error.complaint.split(separator: ": ", maxSplits: 1)
        throw ValidationError("--when \(text.printable): \(words.last ?? "is no condition")")
      }
    }
    return try Self.rules(.array([json]), ownHosts)
  }

  /// The rule in the form of a request.
  private var json: JSONValue {
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
    do throws(InputFailure) {
      return try read(json, ownHosts).get()
    } catch {
      throw ValidationError(error.complaint)
    }
  }

  private static func read(
    _ json: JSONValue, _ ownHosts: OwnHosts
  ) -> Result<[RedirectRule], InputFailure> {
    var reader = InputReader(
      path: ["shortCode": "0"], query: QueryString(),
      members: JSONObject([.init("redirectRules", json)]), SetRedirectRules.body)
    return SetRedirectRules(ownHosts).input(from: &reader).rules
  }

  /// The list of rules in a file.
  ///
  /// - Throws: `ValidationError` for what can't be read or is no JSON.
  static func json(ofFile path: String) throws -> JSONValue {
    let bytes = try File.bytes(argument: path, atMost: largestFile)
    do throws(JSONError) {
      let json = try JSONValue(parsing: bytes)
      return json.object?["redirectRules"] ?? json
    } catch {
      throw ValidationError("\(path) is not JSON: \(error)")
    }
  }
}
