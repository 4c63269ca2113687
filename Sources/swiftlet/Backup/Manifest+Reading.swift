import Files
import JSON
import Service

extension Manifest {
  private static let maximumBytes = 64 << 20

  /// Reads the manifest of a backup that this release can restore.
  ///
  /// - Throws: `BackupError` for one of a later release, and for what is no manifest.
  init(of directory: BackupDirectory) throws {
    let path = directory.path(of: BackupDirectory.manifest)
    let bytes = try File(path, for: .reading).bytes(atMost: Self.maximumBytes)
    guard let json = (try? JSONValue(parsing: bytes))?.object,
      let format = json["format"]?.integer, let release = json["swiftlet"]?.string
    else { throw Self.unreadable(path) }
    guard format <= Self.format, !Self.isLater(release, than: Program.version) else {
      throw BackupError(
        Outcome.badData,
        "\(directory.path) was made by swiftlet \(release), and this is \(Program.version): "
          + "restore it by that release or a later one")
    }
    guard let whole = Self(json, release) else { throw Self.unreadable(path) }
    self = whole
  }

  private static func unreadable(_ path: String) -> BackupError {
    BackupError(Outcome.badData, "\(path) is no manifest of a backup")
  }

  private init?(_ json: JSONObject, _ release: String) {
    guard let madeAt = json["made_at"]?.string, let since = json["clicks_since"]?.string,
      let postgres = json["postgres"]?.object, let clickHouse = json["clickhouse"]?.object,
      let postgresVersion = postgres["version"]?.string,
      let postgresSchema = postgres["schema"]?.integer, let links = postgres["links"]?.integer,
      let clickHouseVersion = clickHouse["version"]?.string,
      let clickHouseSchema = clickHouse["schema"]?.integer,
      let clicks = clickHouse["clicks"]?.integer, let tables = clickHouse["tables"]?.array,
      let files = json["files"]?.array
    else { return nil }
    self.release = release
    (self.madeAt, self.since) = (madeAt, since)
    (self.postgresVersion, self.postgresSchema) = (postgresVersion, postgresSchema)
    (self.clickHouseVersion, self.clickHouseSchema) = (clickHouseVersion, clickHouseSchema)
    (self.links, self.clicks) = (links, clicks)
    self.tables = tables.compactMap { $0.object.flatMap(Table.init) }
    self.files = files.compactMap { $0.object.flatMap(Sum.init) }
    guard self.tables.count == tables.count, self.files.count == files.count else { return nil }
  }

  /// Whether a release is later than another one, number by number.
  private static func isLater(_ release: String, than other: String) -> Bool {
    let numbers = [release, other].map { $0.split(separator: ".").map { Int($0) ?? 0 } }
    return numbers[1].lexicographicallyPrecedes(numbers[0])
  }
}

extension Manifest.Table {
  fileprivate init?(_ json: JSONObject) {
    guard let name = json["name"]?.string, let definition = json["definition"]?.string,
      let check = json["check"]?.string, let parts = json["parts"]?.array
    else { return nil }
    (self.name, self.definition, self.check) = (name, definition, check)
    for part in parts {
      guard let file = part.object?["file"]?.string, let bytes = part.object?["bytes"]?.integer
      else { return nil }
      self.parts.append(Manifest.Part(file: file, bytes: bytes))
    }
  }
}

extension Manifest.Sum {
  fileprivate init?(_ json: JSONObject) {
    guard let path = json["path"]?.string, let bytes = json["bytes"]?.integer,
      let sha256 = json["sha256"]?.string
    else { return nil }
    (self.path, self.bytes, self.sha256) = (path, bytes, sha256)
  }
}
