import ClickHouse

/// What is known about a server's refusal of one insert.
///
/// An error's code doesn't tell whether the clicks are at fault. A missing column and a value that
/// can't be converted may have the same code. The proof is an experiment. If the server takes a
/// valid click directly after the refusal, these clicks are at fault.
struct Refusal {
  /// How often an insert may exceed a limit of the server before it is cut.
  private static let patience = 5

  /// A busy server may also reach such limits, so an insert of one row is never cut.
  private let canBeCut: Bool
  private var excesses = 0
  private var error: ClickHouseError?
  private var isServerAtFault = false
  private(set) var isProven = false

  /// - Parameter rows: The number of rows in the insert.
  init(rows: Int) {
    canBeCut = rows > 1
  }

  /// The last error, if it is certain that the insert was not executed.
  var final: ClickHouseError? { error?.isRefusal ?? false ? error : nil }

  /// The reason for the log and the dead letter.
  var reason: String { String((error?.debugDescription ?? "").prefix(500)) }

  /// Forgets the last error: an insert succeeded.
  mutating func clear() { error = nil }

  /// Notes an error of the insert.
  ///
  /// - Returns: Whether the same insert will fail again.
  mutating func note(_ error: ClickHouseError) -> Bool {
    self.error = error
    if error.isExcessive { excesses += 1 }
    return error.isRefusal || (error.isExcessive && canBeCut && excesses >= Self.patience)
  }

  /// Finds out whether the clicks are at fault.
  ///
  /// - Parameter probe: Inserts a valid click.
  /// - Returns: False when the server was at fault: it takes clicks again, perhaps these too.
  /// - Throws: The error of `probe`; call this again until it succeeds.
  mutating func prove(with probe: () throws -> Void) throws -> Bool {
    do { try probe() } catch {
      isServerAtFault = true
      throw error
    }
    isProven = !isServerAtFault
    isServerAtFault = false
    return isProven
  }
}
