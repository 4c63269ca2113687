import ArgumentParser
import Files

extension File {
  /// The bytes of a file that an argument names; `-` is the standard input.
  ///
  /// - Throws: `ValidationError` when it can't be read, or is longer.
  static func bytes(argument path: String, atMost limit: Int) throws -> [UInt8] {
    do throws(FileError) {
      let file = try File(path == "-" ? "/dev/stdin" : path, for: .reading, followsLinks: true)
      return try file.bytes(atMost: limit)
    } catch {
      throw ValidationError(error.description)
    }
  }
}
