import Synchronization

/// The numbers of one process, in memory that other processes may read.
///
/// Code that counts gets a meter. The memory is a page that the process shares by a file
/// (`MetricsDirectory`), or private memory without such a file. Counting is an addition to it: no
/// system call, no lock, no allocation. Only one thread of one process writes.
package final class Meter {
  private let cells: UnsafeMutablePointer<Atomic<UInt64>>
  private let owner: AnyObject?

  /// A meter that no other process can read.
  package convenience init() {
    let page = Page()
    self.init(over: page.bytes, of: page)
  }

  /// Takes over a slot: its counters continue, its gauges are unset.
  ///
  /// - Parameters:
  ///   - bytes: A page of `Layout.bytes` bytes, aligned to eight: zeros, or the numbers of an
  ///     earlier holder.
  ///   - owner: Keeps the page alive; retained until the meter ends.
  package init(over bytes: UnsafeMutableRawPointer, of owner: AnyObject?) {
    // An atomic number is a plain number in memory, whatever process wrote it.
    cells = bytes.bindMemory(to: Atomic<UInt64>.self, capacity: Layout.cellCount)
    self.owner = owner
    if value(0) != Layout.signature {
      for cell in 0..<Layout.cellCount { set(cell, 0) }
      set(0, Layout.signature)
    }
    for cell in Layout.gauges { set(cell, Self.unset) }
  }

  /// Counts `amount` more.
  package func add(_ counter: Counter, _ amount: Int = 1) {
    bump(counter.cell, by: UInt64(truncatingIfNeeded: amount))
  }

  /// Counts the answer of an endpoint by the class of its status.
  package func count(_ endpoint: Endpoint, status: Int) {
    add(.requests(endpoint, StatusClass(status: status)))
  }

  package func set(_ gauge: Gauge, _ number: Int) {
    set(gauge.cell, UInt64(bitPattern: Int64(number)))
  }

  /// Unsets a gauge: its value is unknown now.
  package func clear(_ gauge: Gauge) { set(gauge.cell, Self.unset) }

  /// Sets a moment, in milliseconds since 1970; nil unsets it.
  package func set(_ moment: Moment, _ milliseconds: Int64?) {
    set(moment.cell, milliseconds.map { UInt64(bitPattern: $0) } ?? Self.unset)
  }

  /// Notes that something happened at `milliseconds` since 1970.
  package func note(_ mark: Mark, at milliseconds: Int64) {
    set(mark.cell, max(value(mark.cell), UInt64(clamping: milliseconds)))
  }

  /// Counts one observation into its bucket; the unit is the histogram's.
  package func observe(_ histogram: Histogram, _ number: Int) {
    let bounds = histogram.bounds
    var index = 0
    while index < bounds.count, number > bounds[index] { index += 1 }
    bump(Layout.bucket(index, of: histogram), by: 1)
    bump(Layout.sum(histogram), by: UInt64(clamping: number))
  }

  /// The value of a gauge that isn't set.
  static let unset = UInt64(bitPattern: .min)

  // The only writer needs no atomic addition. A load and a store at this ordering are one plain
  // instruction each, and a reader never sees half a number.
  private func bump(_ cell: Int, by amount: UInt64) { set(cell, value(cell) &+ amount) }

  private func value(_ cell: Int) -> UInt64 { cells[cell].load(ordering: .relaxed) }

  private func set(_ cell: Int, _ number: UInt64) { cells[cell].store(number, ordering: .relaxed) }

  /// Memory of the process' own.
  private final class Page {
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: Layout.bytes, alignment: MemoryLayout<UInt64>.alignment)

    init() { bytes.initializeMemory(as: UInt64.self, repeating: 0, count: Layout.cellCount) }

    deinit { bytes.deallocate() }
  }
}

/// A slot as it was read, all of it.
package struct SlotReading: Sendable {
  package let role: Role
  /// Whether a process holds it now.
  package let isHeld: Bool
  package let cells: [UInt64]

  /// Copies the page of a slot, even while its process counts.
  ///
  /// - Returns: Nil when the page has another layout.
  package init?(role: Role, isHeld: Bool, page: UnsafeRawPointer) {
    self.role = role
    self.isHeld = isHeld
    // Never written through; the type has no read-only form.
    let cells = UnsafeMutableRawPointer(mutating: page)
      .bindMemory(to: Atomic<UInt64>.self, capacity: Layout.cellCount)
    self.cells = (0..<Layout.cellCount).map { cells[$0].load(ordering: .relaxed) }
    guard self.cells[0] == Layout.signature else { return nil }
  }
}
