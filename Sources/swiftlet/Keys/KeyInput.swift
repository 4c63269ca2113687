import API
import Access
import ArgumentParser
import JSON
import Management
import Web

/// What commands on keys read of their arguments.
enum KeyInput {
  /// Reads options like the body of a request.
  ///
  /// - Throws: `ValidationError` with everything that is wrong.
  static func read<Input>(
    _ members: [JSONObject.Member], _ input: (inout InputReader) -> Input
  ) throws -> Input {
    var reader = InputReader(
      path: [:], query: QueryString(), members: JSONObject(members), .lenient)
    let value = input(&reader)
    do throws(InputFailure) {
      try reader.finish()
    } catch {
      throw ValidationError(error.complaint)
    }
    return value
  }

  /// The id of the key that an argument names.
  ///
  /// - Throws: `notFound` when there is none, which the operator is told.
  static func id(
    of argument: String, for caller: Caller, _ stores: ManagementStores
  ) throws -> Int {
    let found = try stores.units.read("find an API key", for: caller) {
      unit throws(TableError) -> APIKey? in
      if let key = try unit.keys.find(named: argument) { return Optional(key) }
      guard let id = Int32(argument) else { return nil }
      return try unit.keys.find(Int(id))
    }
    guard let found else {
      Outcome.complain(
        "no API key has the name or id \(argument.printable): `swiftlet key list` shows all keys")
      throw Outcome.notFound
    }
    return found.id
  }
}
