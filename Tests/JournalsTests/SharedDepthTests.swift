import Foundation
import Metrics
import Service
import TestSupport
import XCTest

@testable import Files
@testable import Journals

/// The journals' figures, which the processes of a host make for each other.
final class SharedDepthTests: XCTestCase {
  private var scratch: ScratchDirectory?
  private var state: StateDirectory { StateDirectory(scratch?("state") ?? "") }

  override func setUpWithError() throws {
    scratch = try ScratchDirectory("depth")
    try state.make()
  }

  override func tearDown() { scratch = nil }

  /// One process' figures: how many journals there are says how often it has counted them.
  private final class Process {
    var walks = 0
    private(set) var depth: SharedDepth?

    init(_ state: StateDirectory) {
      depth = SharedDepth(state) { [weak self] in
        guard let self else { return nil }
        walks += 1
        var figures = MetricsSnapshot.Journals()
        figures.files = walks
        figures.bytes = 10
        figures.unconfirmedBytes = 5
        figures.oldestUnconfirmed = walks == 1 ? 1_763_855_990_000 : nil
        return figures
      }
    }
  }

  func testOneWalkServesAllProcessesUntilItsFiguresEnd() {
    let first = Process(state)
    let second = Process(state)
    let now = SystemClock.bootMilliseconds()
    let figures = first.depth?.value(at: now)
    XCTAssertEqual(figures?.oldestUnconfirmed, 1_763_855_990_000)
    XCTAssertEqual(second.depth?.value(at: now), figures)
    XCTAssertEqual(first.depth?.value(at: now + 999), figures)
    XCTAssertEqual([first.walks, second.walks], [1, 0])

    // Figures are good for half a minute at most, and for ten seconds more.
    XCTAssertEqual(second.depth?.value(at: now + 100_000)?.files, 1)
    XCTAssertEqual([first.walks, second.walks], [1, 1])
  }

  func testAProcessThatIsStoppedAmidItsWalkKeepsTheOthersForTenSecondsOnly() throws {
    let first = Process(state)
    let second = Process(state)
    let now = SystemClock.bootMilliseconds()
    _ = first.depth?.value(at: now)
    let stopped = try SharedCells(state.depth)
    XCTAssertTrue(stopped.lock())

    XCTAssertEqual(second.depth?.value(at: now + 5000)?.files, 1)
    XCTAssertEqual(second.walks, 0)
    _ = second.depth?.value(at: now + 100_000)
    XCTAssertEqual(second.walks, 1)
    withExtendedLifetime(stopped) {}
  }

  func testFiguresOfBeforeTheMachinesLastStartAreNotTaken() {
    let first = Process(state)
    let second = Process(state)
    _ = first.depth?.value(at: SystemClock.bootMilliseconds())
    // The clock has begun anew since; this machine has been up for longer than that.
    _ = second.depth?.value(at: SystemClock.bootMilliseconds() - 60_000)
    XCTAssertEqual(second.walks, 1)
  }

  func testAnotherUsersCommandLeavesNoPage() throws {
    let foreign = StateDirectory(state.path + "-missing")
    let process = Process(foreign)
    XCTAssertEqual(process.depth?.value()?.files, 1)
    XCTAssertEqual(process.depth?.value()?.files, 2)
    XCTAssertFalse(FileManager.default.fileExists(atPath: foreign.path))
  }
}
