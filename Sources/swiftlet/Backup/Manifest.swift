import JSON

/// What is in a backup, as its file `manifest.json` says.
struct Manifest {
  /// The form of the backup; greater numbers belong to later releases.
  static let format = 1

  /// One of ClickHouse's tables.
  struct Table: Equatable {
    let name: String
    /// The statement that made it, from the first bracket on.
    let definition: String
    /// A sum over its rows, which doesn't depend on merges.
    let check: String
    /// Its rows, in one file or several.
    var parts: [Part] = []
  }

  struct Part: Equatable {
    let file: String
    /// Without compression.
    let bytes: Int
  }

  struct Sum: Equatable {
    let path: String
    let bytes: Int
    let sha256: String
  }

  var release = ""
  var madeAt = ""
  /// From when on clicks may be missing in it.
  var since = ""
  var postgresVersion = ""
  var postgresSchema = 0
  var links = 0
  var clickHouseVersion = ""
  var clickHouseSchema = 0
  var clicks = 0
  var tables: [Table] = []
  var files: [Sum] = []

  /// The size of all files.
  var bytes: Int { files.reduce(0) { $0 + $1.bytes } }

  /// The text of the file.
  func encoded() -> [UInt8] {
    var json = JSONWriter()
    write(to: &json)
    return json.bytes + [0x0A]
  }
}

extension Manifest {
  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.member("format", Self.format)
    json.member("swiftlet", release)
    json.member("made_at", madeAt)
    json.member("clicks_since", since)
    json.key("postgres")
    json.beginObject()
    json.member("version", postgresVersion)
    json.member("schema", postgresSchema)
    json.member("links", links)
    json.endObject()
    json.key("clickhouse")
    json.beginObject()
    json.member("version", clickHouseVersion)
    json.member("schema", clickHouseSchema)
    json.member("clicks", clicks)
    json.member("tables", tables) { table, json in
      json.member("name", table.name)
      json.member("definition", table.definition)
      json.member("check", table.check)
      json.member("parts", table.parts) { part, json in
        json.member("file", part.file)
        json.member("bytes", part.bytes)
      }
    }
    json.endObject()
    json.member("files", files) { file, json in
      json.member("path", file.path)
      json.member("bytes", file.bytes)
      json.member("sha256", file.sha256)
    }
    json.endObject()
  }
}
