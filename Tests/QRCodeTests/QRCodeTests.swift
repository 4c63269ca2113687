import Foundation
import QRCode
import TestSupport
import XCTest

final class QRCodeTests: XCTestCase {
  private func symbol(
    _ text: String = "https://s.example/abc", _ level: QRSymbol.ErrorCorrection = .low
  ) throws -> QRSymbol {
    try QRSymbol(text, level)
  }

  func testASymbolHasItsThreeFinderPatternsAndGrowsWithTextAndLevel() throws {
    let symbol = try symbol()
    XCTAssertEqual(symbol.width, 25, "version 2 has room for 32 bytes")
    let last = symbol.width - 1
    for (row, column) in [(0, 0), (0, last - 6), (last - 6, 0)] {
      for step in 0..<7 {
        XCTAssertTrue(symbol.isDark(row: row, column: column + step))
        XCTAssertTrue(symbol.isDark(row: row + 6, column: column + step))
        XCTAssertTrue(symbol.isDark(row: row + step, column: column))
      }
      XCTAssertFalse(symbol.isDark(row: row + 1, column: column + 1))
      XCTAssertTrue(symbol.isDark(row: row + 3, column: column + 3))
    }
    let long = String(repeating: "a", count: 500)
    let widths = try QRSymbol.ErrorCorrection.allCases.map { try self.symbol(long, $0).width }
    XCTAssertEqual(widths, widths.sorted())
    XCTAssertEqual(Set(widths).count, 4)
  }

  func testATextThatIsTooLongHasNoSymbol() throws {
    XCTAssertNoThrow(try symbol(String(repeating: "a", count: 1273), .high))
    XCTAssertThrowsError(try symbol(String(repeating: "a", count: 1274), .high)) {
      XCTAssertEqual($0 as? QRCodeError, .tooLong)
    }
  }

  func testRunsAreTheDarkModules() throws {
    let symbol = try symbol()
    for row in 0..<symbol.width {
      let columns = symbol.darkRuns(inRow: row).flatMap { Array($0) }
      XCTAssertEqual(columns, (0..<symbol.width).filter { symbol.isDark(row: row, column: $0) })
    }
  }

  /// Read by Python, which also checks each chunk's sum.
  private func pixels(_ png: [UInt8]) throws -> (colors: String, rows: [String]) {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).png")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(png).write(to: file)
    let program = """
      import sys, struct, zlib
      data = open(sys.argv[1], 'rb').read()
      assert data[:8] == b'\\x89PNG\\r\\n\\x1a\\n'
      at, chunks = 8, {}
      while at < len(data):
          size, kind = struct.unpack('>I4s', data[at:at + 8])
          body = data[at + 8:at + 8 + size]
          assert struct.unpack('>I', data[at + 8 + size:at + 12 + size])[0] == zlib.crc32(kind + body)
          chunks[kind] = body
          at += 12 + size
      width, height, depth, color, a, b, c = struct.unpack('>IIBBBBB', chunks[b'IHDR'])
      assert (width, depth, color, a, b, c) == (height, 1, 3, 0, 0, 0) and kind == b'IEND'
      print(chunks[b'PLTE'].hex())
      rows, line = zlib.decompress(chunks[b'IDAT']), (width + 7) // 8 + 1
      assert len(rows) == line * height
      for y in range(height):
          row = rows[y * line:(y + 1) * line]
          assert row[0] == 0
          print(''.join(str(row[1 + x // 8] >> 7 - x % 8 & 1) for x in range(width)))
      """
    let lines = try Command.check("/usr/bin/python3", ["-c", program, file.path])
      .split(separator: "\n").map(String.init)
    return (lines[0], Array(lines.dropFirst()))
  }

  func testThePNGHasEachModuleWhereItBelongs() throws {
    let symbol = try symbol()
    let drawing = QRDrawing(
      symbol, size: 80, margin: 3, color: try XCTUnwrap(RGBColor("#1a2B3c")),
      background: try XCTUnwrap(RGBColor("FE0")))
    XCTAssertEqual(drawing.width, 86)
    let (colors, rows) = try pixels(drawing.png())
    XCTAssertEqual(colors, "ffee001a2b3c")
    // Three pixels a module, and what is left of 80 on both sides.
    let start = 3 + (80 - 75) / 2
    XCTAssertEqual(rows.count, 86)
    for (y, row) in rows.enumerated() {
      let expected = (0..<86).map { x -> Character in
        let (down, right) = (y - start, x - start)
        guard (0..<75).contains(down), (0..<75).contains(right) else { return "0" }
        return symbol.isDark(row: down / 3, column: right / 3) ? "1" : "0"
      }
      XCTAssertEqual(row, String(expected), "row \(y)")
    }
  }

  func testASizeThatIsTooSmallIsThatOfTheSymbol() throws {
    let symbol = try symbol(String(repeating: "a", count: 500), .high)
    let drawing = QRDrawing(symbol, size: 50, margin: 0, color: .black, background: .white)
    XCTAssertEqual(drawing.width, symbol.width)
    XCTAssertEqual(try pixels(drawing.png()).rows.count, symbol.width)
  }

  func testTheSVGIsTheSamePicture() throws {
    let symbol = try symbol()
    let svg = QRDrawing(symbol, size: 50, margin: 4, color: .black, background: .white).svg
    let text = String(decoding: svg, as: UTF8.self)
    XCTAssertTrue(
      text.hasPrefix(#"<svg xmlns="http://www.w3.org/2000/svg" width="58" height="58""#))
    XCTAssertTrue(text.contains(##"fill="#ffffff"/><path fill="#000000" d="M4 4h14v2h-14z"##))
    let runs = (0..<symbol.width).reduce(0) { $0 + symbol.darkRuns(inRow: $1).count }
    XCTAssertEqual(text.split(separator: "M").count - 1, runs)
  }

  func testColoursHaveThreeOrSixDigits() {
    for (text, color) in [
      ("#abc", "#aabbcc"), ("abc", "#aabbcc"), ("012345", "#012345"), ("#FFFFFF", "#ffffff"),
    ] {
      XCTAssertEqual(RGBColor(text)?.description, color)
    }
    for text in [
      "", "#", "##abc", "ab", "abcd", "#12345", "1234567", "abg", "ab\u{E9}", "red", " abc",
    ] {
      XCTAssertNil(RGBColor(text), text)
    }
  }
}
