/// The five characters of a PostgreSQL error condition (PostgreSQL manual, appendix A).
///
/// Conditions of the client use the SQL standard's states for them.
package struct SQLState: RawRepresentable, Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }

  private init(_ rawValue: String) {
    self.rawValue = rawValue
  }

  package static let cannotConnect = Self("08001")
  package static let connectionDoesNotExist = Self("08003")
  package static let connectionFailure = Self("08006")
  package static let transactionResolutionUnknown = Self("08007")
  package static let protocolViolation = Self("08P01")
  package static let featureNotSupported = Self("0A000")
  package static let cardinalityViolation = Self("21000")
  package static let numericValueOutOfRange = Self("22003")
  package static let nullValueNotAllowed = Self("22004")
  package static let characterNotInRepertoire = Self("22021")
  package static let readOnlyTransaction = Self("25006")
  package static let foreignKeyViolation = Self("23503")
  package static let uniqueViolation = Self("23505")
  package static let activeTransaction = Self("25001")
  package static let failedTransaction = Self("25P02")
  package static let invalidStatementName = Self("26000")
  package static let invalidCatalogName = Self("3D000")
  package static let serializationFailure = Self("40001")
  package static let deadlockDetected = Self("40P01")
  package static let insufficientPrivilege = Self("42501")
  package static let duplicateDatabase = Self("42P04")
  package static let duplicateObject = Self("42710")
  package static let undefinedTable = Self("42P01")
  package static let undefinedColumn = Self("42703")
  package static let datatypeMismatch = Self("42804")
  package static let diskFull = Self("53100")
  package static let programLimitExceeded = Self("54000")
  package static let lockNotAvailable = Self("55P03")
  package static let queryCanceled = Self("57014")
  package static let adminShutdown = Self("57P01")
  package static let cannotConnectNow = Self("57P03")
  /// The client's own deadline passed; the outcome on the server is unknown.
  package static let deadlineExceeded = Self("HYT00")

  /// The first two characters: the condition's family.
  package var family: Substring { rawValue.prefix(2) }
}
