package import Files
package import Service
import Synchronization

/// The generations of links as their one writer, the invalidator of the host, changes them.
package final class GenerationWriter {
  private let path: String
  private var page: GenerationPage

  /// Opens the page, or makes one in the place of what is no page.
  ///
  /// What readers remember is not taken any more.
  ///
  /// - Throws: When there is none to be had.
  package init(_ state: StateDirectory) throws(FileError) {
    path = state.generations
    page = try Self.open(path)
    bumpAll()
    beat(boot: 0, monotonic: 0)
  }

  /// Gives the links of these names (`LinkKey.name`) another generation.
  package func bump(_ names: some Sequence<some Sequence<UInt8>>) {
    for name in names { bump(slot: GenerationPage.slot(of: name)) }
  }

  /// Gives all links another generation.
  ///
  /// The step is a random number. A page that comes back from a backup, or from a copy, is behind what
  /// readers remember. By steps of 1 it would come to generations that changes have ended.
  package func bumpAll() {
    let step = UInt32.random(in: 1...(.max))
    for slot in 0..<GenerationPage.slots { bump(slot: slot, by: step) }
  }

  /// Says that all that was announced before this moment is in the counters.
  ///
  /// - Parameters:
  ///   - boot: The moment by `SystemClock.bootMilliseconds`.
  ///   - monotonic: The same moment by CLOCK_MONOTONIC, in milliseconds.
  package func beat(boot: Int64, monotonic: Int64) {
    page.beat.pointee.store(boot, ordering: .releasing)
    page.monotonicBeat.pointee.store(monotonic, ordering: .releasing)
  }

  /// Looks whether the path still names the page; to be called about once a second.
  ///
  /// Where it doesn't, the page there is taken, or one is made, with all generations changed. Who has
  /// the old page open must not believe it much longer: its beat is taken back.
  ///
  /// - Returns: False when it named another one, or none.
  /// - Throws: When there is none to be had. The old page is kept then, for those who have it open.
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
