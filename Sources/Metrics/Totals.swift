/// The numbers of all processes by program, and the state of the living ones.
package struct Totals: Sendable {
  private struct Sum {
    var processes = 0
    var oldest: Int64 = .max
    var newest: Int64 = 0
    var lastTick: Int64?
    var oldestTick: Int64?
    /// Counters and histograms by cell.
    var cells = [UInt64](repeating: 0, count: Layout.cellCount)
    /// Sums by cell; for a moment, the oldest.
    var gauges: [Int: Int64] = [:]
  }

  private var sums: [Role: Sum] = [:]

  package init() {}

  /// Adds a slot.
  package mutating func add(_ slot: SlotReading) {
    var sum = sums[slot.role] ?? Sum()
    let mark = Mark.batchStored.cell
    let moments = Moment.all.map(\.cell)
    for cell in Layout.counters.lowerBound..<Layout.histograms.upperBound where cell != mark {
      sum.cells[cell] &+= slot.cells[cell]
    }
    sum.cells[mark] = max(sum.cells[mark], slot.cells[mark])
    if slot.isHeld {
      sum.processes += 1
      for cell in Layout.gauges where slot.cells[cell] != Meter.unset {
        let value = Int64(bitPattern: slot.cells[cell])
        if cell == Gauge.started.cell {
          sum.oldest = min(sum.oldest, value)
          sum.newest = max(sum.newest, value)
        } else if moments.contains(cell) {
          sum.gauges[cell] = min(sum.gauges[cell] ?? value, value)
        } else if cell == Gauge.ticked.cell {
          sum.lastTick = max(sum.lastTick ?? value, value)
          sum.oldestTick = min(sum.oldestTick ?? value, value)
        } else {
          sum.gauges[cell, default: 0] += value
        }
      }
    }
    sums[slot.role] = sum
  }

  /// Processes that live.
  package func processes(_ role: Role) -> Int { sums[role]?.processes ?? 0 }

  /// When the oldest and the newest of them began, in milliseconds since 1970; nil without any.
  package func started(_ role: Role) -> ClosedRange<Int64>? {
    guard let sum = sums[role], sum.oldest <= sum.newest else { return nil }
    return sum.oldest...sum.newest
  }

  /// The latest tick of the living processes, in milliseconds since the machine's start; nil
  /// without any.
  package func lastTick(_ role: Role) -> Int64? { sums[role]?.lastTick }

  /// The same of the one that has ticked longest ago.
  package func oldestTick(_ role: Role) -> Int64? { sums[role]?.oldestTick }

  package func count(_ counter: Counter, _ role: Role) -> UInt64 {
    sums[role]?.cells[counter.cell] ?? 0
  }

  /// The sum over the living processes that have set it; nil when none has.
  package func gauge(_ gauge: Gauge, _ role: Role) -> Int64? { sums[role]?.gauges[gauge.cell] }

  /// The oldest among the living processes that have set it, in milliseconds since 1970; nil when none
  /// has.
  package func oldest(_ moment: Moment, _ role: Role) -> Int64? {
    sums[role]?.gauges[moment.cell]
  }

  /// When it last happened, in milliseconds since 1970; nil for never.
  package func latest(_ mark: Mark, _ role: Role) -> Int64? {
    guard let time = sums[role]?.cells[mark.cell], time > 0 else { return nil }
    return Int64(clamping: time)
  }

  /// The cumulative buckets, the last with all observations, and the sum of the observed values.
  package func distribution(
    _ histogram: Histogram, _ role: Role
  ) -> (buckets: [UInt64], sum: UInt64) {
    var buckets: [UInt64] = []
    var total: UInt64 = 0
    for index in 0...histogram.bounds.count {
      total &+= sums[role]?.cells[Layout.bucket(index, of: histogram)] ?? 0
      buckets.append(total)
    }
    return (buckets, sums[role]?.cells[Layout.sum(histogram)] ?? 0)
  }
}
