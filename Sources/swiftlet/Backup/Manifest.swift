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
    json.key("format")
    json.number(Self.format)
    for (key, value) in [("swiftlet", release), ("made_at", madeAt), ("clicks_since", since)] {
      json.key(key)
      json.string(value)
    }
    json.key("postgres")
    json.beginObject()
    json.key("version")
    json.string(postgresVersion)
    json.key("schema")
    json.number(postgresSchema)
    json.key("links")
    json.number(links)
    json.endObject()
    json.key("clickhouse")
    json.beginObject()
    json.key("version")
    json.string(clickHouseVersion)
    json.key("schema")
    json.number(clickHouseSchema)
    json.key("clicks")
    json.number(clicks)
    json.key("tables")
    json.beginArray()
    for table in tables { table.write(to: &json) }
    json.endArray()
    json.endObject()
    json.key("files")
    json.beginArray()
    for file in files {
      json.beginObject()
      json.key("path")
      json.string(file.path)
      json.key("bytes")
      json.number(file.bytes)
      json.key("sha256")
      json.string(file.sha256)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }
}

extension Manifest.Table {
  fileprivate func write(to json: inout JSONWriter) {
    json.beginObject()
    for (key, value) in [("name", name), ("definition", definition), ("check", check)] {
      json.key(key)
      json.string(value)
    }
    json.key("parts")
    json.beginArray()
    for part in parts {
      json.beginObject()
      json.key("file")
      json.string(part.file)
      json.key("bytes")
      json.number(part.bytes)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }
}
