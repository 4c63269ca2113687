import ClickHouse
import XCTest

final class PiecesTests: XCTestCase {
  func testEveryElementIsInOnePieceAndNoPieceIsBeyondItsBounds() {
    for count in [0, 1, 5, 6, 7, 100] {
      let list = Array(0..<count)
      let pieces = list.pieces(count: 6, bytes: 40, size: { 1 + $0 % 20 })
      XCTAssertEqual(pieces.flatMap(\.self), list)
      for piece in pieces {
        XCTAssertFalse(piece.isEmpty)
        XCTAssertLessThanOrEqual(piece.count, 6)
        XCTAssertLessThanOrEqual(piece.map { 1 + $0 % 20 }.reduce(0, +), 40)
      }
    }
  }

  func testAnElementBeyondTheBoundHasItsOwnPiece() {
    let pieces = [1, 100, 1, 1].pieces(count: 10, bytes: 10, size: { $0 })
    XCTAssertEqual(pieces.map(Array.init), [[1], [100], [1, 1]])
  }
}
