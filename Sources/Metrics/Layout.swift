/// The layout of one process's slot: one page of 512 cells of eight bytes each.
///
/// Later processes take over a slot with its numbers, also those of a later version. So a cell of
/// `Cells.swift` never gets another meaning: a counter that changes its meaning gets a new cell.
/// Where that is impossible the signature changes, and slots with another signature begin anew.
package enum Layout {
  package static let cellCount = 512
  package static let bytes = cellCount * MemoryLayout<UInt64>.size

  /// The first cell: "SWIFTL" and the number of the layout.
  package static let signature: UInt64 = 0x5357_4946_544C_0001

  static let gauges = 8..<64
  static let counters = 64..<320
  static let histograms = 320..<512
  /// Cells of one histogram: the sum, one for each bound, and one for values above all bounds.
  static let histogramStride = 24
  static let maximumBounds = histogramStride - 2

  static func sum(_ histogram: Histogram) -> Int {
    histograms.lowerBound + histogram.rawValue * histogramStride
  }

  static func bucket(_ index: Int, of histogram: Histogram) -> Int { sum(histogram) + 1 + index }
}
