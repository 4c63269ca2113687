import Files

/// The directory `migrations`, with one directory for each engine.
enum MigrationDirectory {
  /// The files of one engine, by number; numbers run from 1 without a gap.
  static func read(
    _ directory: String, _ engine: Migration.Engine
  ) throws(MigrationError) -> [Migration] {
    let path = "\(directory)/\(engine.rawValue)"
    var migrations: [Migration] = []
    for file in try reading({ () throws(FileError) in try Directory(path).names() })
    where !file.hasPrefix(".") {
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

  private static func contents(of path: String) throws(MigrationError) -> String {
    let bytes = try reading { () throws(FileError) in
      try File(path, for: .reading, followsLinks: true).bytes()
    }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw MigrationError(.files, "\(path) is not UTF-8 text")
    }
    return text
  }

  private static func reading<Result>(
    _ body: () throws(FileError) -> Result
  ) throws(MigrationError) -> Result {
    do throws(FileError) { return try body() } catch {
      throw MigrationError(.files, "\(error.path) can't be read: \(error.reason)")
    }
  }
}
