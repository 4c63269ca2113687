package import Files
package import Service
import Synchronization

/// Writes the generations of links; the host's invalidator is the only writer.
package final class GenerationWriter {
  private let path: String
  private var page: GenerationPage

  /// Opens the page, or replaces a file that is no page.
  ///
  /// Everything that readers remember becomes invalid.
  ///
  /// - Throws: When there can be no page.
  package init(_ state: StateDirectory) throws(FileError) {
    path = state.generations
    page = try Self.open(path)
    bumpAll()
    beat(boot: 0, monotonic: 0)
  }

  /// Changes the generation of the links of these names (`LinkKey.name`).
  package func bump(_ names: some Sequence<some Sequence<UInt8>>) {
    for name in names { bump(slot: GenerationPage.slot(of: name)) }
  }

  /// Changes the generation of all links.
  ///
  /// The step is a random number. A page restored from a backup or a copy is behind what readers
  /// remember. With steps of 1 it would repeat generations that changes have ended.
  package func bumpAll() {
    let step = UInt32.random(in: 1...(.max))
    for slot in 0..<GenerationPage.slots { bump(slot: slot, by: step) }
  }

  /// States that all changes announced before this moment are in the counters.
  ///
  /// - Parameters:
  ///   - boot: The moment by `SystemClock.bootMilliseconds`.
  ///   - monotonic: The same moment by CLOCK_MONOTONIC, in milliseconds.
  package func beat(boot: Int64, monotonic: Int64) {
    page.beat.pointee.store(boot, ordering: .releasing)
    page.monotonicBeat.pointee.store(monotonic, ordering: .releasing)
  }

  /// Checks whether the path still names the page; call it about once a second.
  ///
  /// If it doesn't, it opens the page there, or makes one, and changes all generations. Readers
  /// with the old page open must not trust it much longer, so its beat is cleared.
  ///
  /// - Returns: False when the path named another page, or none.
  /// - Throws: When there can be no page. The old page is kept then, for its readers.
  @discardableResult
  package func stillInPlace() throws(FileError) -> Bool {
    if page.file.isInPlace { return true }
    let other = try Self.open(path)
    beat(boot: 0, monotonic: 0)
    page = other
    bumpAll()
    beat(boot: 0, monotonic: 0)
    return false
  }

  private static func open(_ path: String) throws(FileError) -> GenerationPage {
    if let page = try? GenerationPage(updating: path) { return page }
    return try GenerationPage(making: path)
  }

  private func bump(slot: Int, by step: UInt32 = 1) {
    page.counters[slot].wrappingAdd(step, ordering: .releasing)
  }
}
