import Metrics
import XCTest

/// A slot's page without a file, taken by meters and read as another process would read it.
final class MeteredPage {
  private let bytes = UnsafeMutableRawPointer.allocate(byteCount: Layout.bytes, alignment: 8)

  /// - Parameter number: What was in every cell before.
  init(of number: UInt64 = 0) {
    bytes.initializeMemory(as: UInt64.self, repeating: number, count: Layout.cellCount)
  }

  deinit { bytes.deallocate() }

  /// The next holder's meter; it must not outlive the page.
  func take() -> Meter { Meter(over: bytes, of: nil) }

  func reading(_ role: Role = .redirects, isHeld: Bool = true) -> SlotReading? {
    SlotReading(role: role, isHeld: isHeld, page: UnsafeRawPointer(bytes))
  }

  /// The totals of slots of these programs, all with what the page holds.
  func totals(_ roles: Role..., isHeld: Bool = true) throws -> Totals {
    var totals = Totals()
    for role in roles { totals.add(try XCTUnwrap(reading(role, isHeld: isHeld))) }
    return totals
  }

  /// The cells that `body` changes.
  func changes(_ body: () -> Void) throws -> [Int] {
    let before = try XCTUnwrap(reading()).cells
    body()
    let after = try XCTUnwrap(reading()).cells
    return after.indices.filter { after[$0] != before[$0] }
  }
}
