/// A symbol as a square image of whole pixels.
package struct QRDrawing: Sendable {
  private let symbol: QRSymbol
  private let color: RGBColor
  private let background: RGBColor
  /// The pixels of a module's side.
  private let scale: Int
  /// The pixels before the first module.
  private let start: Int
  /// The pixels of a side.
  package let width: Int

  /// - Parameters:
  ///   - symbol: What is drawn.
  ///   - size: The pixels of a side without the margin; more when the symbol has more modules.
  ///   - margin: The pixels around it.
  ///   - color: The colour of dark modules.
  ///   - background: The colour of all else.
  package init(
    _ symbol: QRSymbol, size: Int, margin: Int, color: RGBColor, background: RGBColor
  ) {
    self.symbol = symbol
    self.color = color
    self.background = background
    scale = max(1, size / symbol.width)
    let inner = max(size, symbol.width)
    start = margin + (inner - scale * symbol.width) / 2
    width = inner + 2 * margin
  }

  /// As SVG.
  package var svg: [UInt8] {
    var text = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(width)" \
      viewBox="0 0 \(width) \(width)" shape-rendering="crispEdges">\
      <rect width="\(width)" height="\(width)" fill="\(background)"/>\
      <path fill="\(color)" d="
      """
    for row in 0..<symbol.width {
      for run in symbol.darkRuns(inRow: row) {
        let (x, y) = (start + run.lowerBound * scale, start + row * scale)
        text += "M\(x) \(y)h\(run.count * scale)v\(scale)h-\(run.count * scale)z"
      }
    }
    return Array((text + "\"/></svg>\n").utf8)
  }

  /// As PNG, with two colours.
  ///
  /// - Throws: `noMemory`.
  package func png() throws(QRCodeError) -> [UInt8] {
    let rowBytes = (width + 7) / 8
    // Each row begins with its filter: none.
    var rows: [UInt8] = []
    rows.reserveCapacity((rowBytes + 1) * width)
    for y in 0..<width {
      let row = (y - start) / scale
      var bits = [UInt8](repeating: 0, count: rowBytes)
      if y >= start, row < symbol.width {
        for run in symbol.darkRuns(inRow: row) {
          for x in (start + run.lowerBound * scale)..<(start + run.upperBound * scale) {
            bits[x / 8] |= 0x80 >> UInt8(x % 8)
          }
        }
      }
      rows.append(0)
      rows += bits
    }
    return try PNGFile.bytes(width: width, palette: [background, color], rows: rows)
  }
}
