import Glibc

/// The folder `migrations`, with one folder for each engine.
package enum MigrationFolder {
  /// The files of one engine, by number; numbers run from 1 without a gap.
  package static func read(
    _ folder: String, _ engine: Migration.Engine
  ) throws(MigrationError) -> [Migration] {
    let path = "\(folder)/\(engine.rawValue)"
    var migrations: [Migration] = []
    for file in try names(in: path) {
      migrations.append(
        try Migration(engine: engine, file: file, text: try contents(of: "\(path)/\(file)")))
    }
    migrations.sort { $0.number < $1.number }
    for (index, migration) in migrations.enumerated() where migration.number != index + 1 {
      throw MigrationError(
        .files,
        "\(path): numbers must run from 0001 without gap or repeat, but see \(migration.name)")
    }
    return migrations
  }

  private static func names(in path: String) throws(MigrationError) -> [String] {
    guard let directory = opendir(path) else { throw unreadable(path) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  private static func contents(of path: String) throws(MigrationError) -> String {
    guard let file = fopen(path, "re") else { throw unreadable(path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      bytes += chunk[..<count]
    }
    guard ferror(file) == 0 else { throw unreadable(path) }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw MigrationError(.files, "\(path) is not UTF-8 text")
    }
    return text
  }

  private static func unreadable(_ path: String) -> MigrationError {
    MigrationError(.files, "\(path) can't be read: \(String(cString: strerror(errno)))")
  }
}
