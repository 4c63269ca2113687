import XCTest

/// A test of `swiftlet setup` with a bench of its own.
class SetupTestCase: XCTestCase {
  private(set) var bench: SetupBench?

  override func setUpWithError() throws {
    bench = try SetupBench()
  }

  override func tearDownWithError() throws {
    try bench?.end()
    bench = nil
  }
}
