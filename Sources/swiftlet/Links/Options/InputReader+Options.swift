import API
import ArgumentParser
import Destinations
import JSON
import Management
import Web

extension InputReader {
  /// Reads what the options of a command ask for, like the body of a request.
  ///
  /// - Throws: `ValidationError` with everything that is wrong.
  static func read<Input>(
    options: [JSONObject.Member], _ read: (inout InputReader) -> Input
  ) throws -> Input {
    var reader = InputReader(
      path: [:], query: QueryString(), members: JSONObject(options), .lenient)
    let input = read(&reader)
    do throws(InputFailure) {
      try reader.finish()
    } catch {
      throw ValidationError(error.complaint)
    }
    return input
  }
}
