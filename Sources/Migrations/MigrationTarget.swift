/// An engine whose schema is migrated, with its ledger of what was applied.
package protocol MigrationTarget: AnyObject {
  var engine: Migration.Engine { get }

  /// The server's version, such as `[15, 18]`.
  func version() throws(MigrationError) -> [Int]

  /// Why an extension can't be used: a sentence that says what to do; nil when it can.
  func obstacle(to extension: String) throws(MigrationError) -> String?

  /// The ledger, by number; empty where nothing was ever applied. Changes nothing.
  func ledger() throws(MigrationError) -> [Int: LedgerEntry]

  /// Makes the database and the ledger if they are missing.
  func prepare() throws(MigrationError)

  /// Applies one migration and enters it into the ledger.
  func apply(_ migration: Migration, checksum: String) throws(MigrationError)
}

extension MigrationTarget {
  /// Why a migration can't be applied yet; nil when it can.
  func obstacle(to requirement: Migration.Requirement) throws(MigrationError) -> String? {
    switch requirement {
    case .version(let required):
      let server = try version()
      guard server.lexicographicallyPrecedes(required) else { return nil }
      return "needs \(engine.rawValue) >= \(required.versionText), the server is "
        + server.versionText
    case .extension(let name): return try obstacle(to: name)
    }
  }
}

extension [Int] {
  /// A version as people write it.
  package var versionText: String { map { String($0) }.joined(separator: ".") }
}

/// What was applied once.
package struct LedgerEntry: Equatable, Sendable {
  package let name: String
  /// SHA-256 of the file, in hex.
  package let checksum: String
  /// RFC 3339.
  package let appliedAt: String

  package init(name: String, checksum: String, appliedAt: String) {
    self.name = name
    self.checksum = checksum
    self.appliedAt = appliedAt
  }
}
