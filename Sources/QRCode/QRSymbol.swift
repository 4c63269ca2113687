import CQREncode
import Glibc

/// A QR code: a square of dark and light modules (ISO/IEC 18004).
package struct QRSymbol: Equatable, Sendable {
  /// How much of a symbol may be damaged: 7, 15, 25 or 30 percent.
  package enum ErrorCorrection: String, CaseIterable, Sendable {
    case low = "L"
    case medium = "M"
    case quartile = "Q"
    case high = "H"
  }

  /// The modules of a side.
  package let width: Int
  private let areDark: [Bool]

  /// Encodes a text as bytes, in the smallest version that has room.
  ///
  /// The C functions: `QRcode_encodeData`, `QRcode_free`.
  ///
  /// - Parameters:
  ///   - text: Not empty.
  ///   - errorCorrection: A symbol that needs more modules for it is larger.
  /// - Throws: When no version has room: from 1 274 bytes on, by the level; or without memory.
  package init(
    _ text: String, _ errorCorrection: ErrorCorrection
  ) throws(QRCodeError) {
    let bytes = Array(text.utf8)
    guard
      let code = QRcode_encodeData(Int32(clamping: bytes.count), bytes, 0, errorCorrection.level)
    else { throw errno == ENOMEM ? .noMemory : .tooLong }
    defer { QRcode_free(code) }
    let width = Int(code.pointee.width)
    self.width = width
    // The lowest bit of a byte is the module's colour; the others tell its purpose.
    areDark = (0..<width * width).map { code.pointee.data[$0] & 1 == 1 }
  }

  /// Whether the module in a row and a column is dark; both count from 0.
  package func isDark(row: Int, column: Int) -> Bool { areDark[row * width + column] }

  /// The dark modules of a row, as runs of columns.
  package func darkRuns(inRow row: Int) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var start: Int?
    for column in 0...width {
      let isDark = column < width && isDark(row: row, column: column)
      if isDark, start == nil { start = column }
      if !isDark, let first = start {
        runs.append(first..<column)
        start = nil
      }
    }
    return runs
  }
}

/// Why there is no symbol or no image of it.
package enum QRCodeError: Error, Equatable {
  /// No symbol has room for the text.
  case tooLong
  case noMemory
}

extension QRSymbol.ErrorCorrection {
  fileprivate var level: QRecLevel {
    switch self {
    case .low: QR_ECLEVEL_L
    case .medium: QR_ECLEVEL_M
    case .quartile: QR_ECLEVEL_Q
    case .high: QR_ECLEVEL_H
    }
  }
}
