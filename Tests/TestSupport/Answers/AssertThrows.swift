/// Runs what must fail with an error of one type, and gives that error for further checks.
///
/// An error of another type is thrown on. XCTest takes an error that a test throws for a failure, so
/// the one that doesn't come fails the test too.
///
/// - Throws: `NothingThrown` when `body` succeeds.
package func assertThrows<Expected: Error>(
  _ type: Expected.Type, file: StaticString = #fileID, line: UInt = #line, _ body: () throws -> Void
) throws -> Expected {
  do {
    try body()
  } catch let error as Expected {
    return error
  }
  throw NothingThrown(expected: "\(type)", place: "\(file):\(line)")
}

/// An expected error did not come.
package struct NothingThrown: Error, CustomStringConvertible {
  let expected: String
  let place: String

  package var description: String { "\(place): nothing was thrown where \(expected) should be" }
}
