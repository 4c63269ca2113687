/// Where the numbers of one process are in its slot: one page of 512 cells of eight bytes each.
///
/// A slot is taken over with its numbers by later processes, also by those of a later version. So a
/// cell that was given to something (`Cells.swift`) is never given to something else: what changes
/// its meaning gets a new cell. Only where that can't be held does the signature change, and slots
/// with another one begin anew.
package enum Layout {
  package static let cellCount = 512
  package static let bytes = cellCount * MemoryLayout<UInt64>.size

  /// In the first cell: "SWIFTL", and the number of the layout.
  package static let signature: UInt64 = 0x5357_4946_544C_0001

  static let gauges = 8..<64
  static let counters = 64..<320
  static let histograms = 320..<512
  /// The sum of what was observed, a cell for each bound, and one for what is above all of them.
  static let histogramStride = 24
  static let maximumBounds = histogramStride - 2

  static func sum(_ histogram: Histogram) -> Int {
    histograms.lowerBound + histogram.rawValue * histogramStride
  }

  static func bucket(_ index: Int, of histogram: Histogram) -> Int { sum(histogram) + 1 + index }
}
