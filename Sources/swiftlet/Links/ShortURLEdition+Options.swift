import API
import ArgumentParser
import Destinations
import JSON
import Management
import Web

extension ShortURLEdition {
  /// What the options of a command ask for, read like the body of a request.
  ///
  /// - Throws: `ValidationError` with everything that is wrong.
  init(options: [JSONObject.Member], _ ownHosts: OwnHosts) throws {
    var reader = InputReader(
      path: [:], query: QueryString(), members: JSONObject(options), .lenient)
    self.init(from: &reader, ownHosts)
    do throws(InputFailure) {
      try reader.finish()
    } catch {
      throw ValidationError(error.problem(isREST: true).detail)
    }
  }
}
