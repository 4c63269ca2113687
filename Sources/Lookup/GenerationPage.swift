import Files
import Glibc
import Synchronization

/// The page of generations that the programs of one host share, and its layout.
///
/// | byte | holds |
/// |---|---|
/// | 0 | the magic, `SWGENS\0\1` |
/// | 8 | the beat, by the clock of `SystemClock.bootMilliseconds` |
/// | 16 | the same moment by CLOCK_MONOTONIC, for nginx's Lua |
/// | 4096 | 65 536 counters of 4 bytes: the generations |
///
/// All numbers are little-endian. `nginx-config/swiftlet/lua/generations.lua` is its twin.
/// `Tests/Examples/generation-slots.tsv` has the names with their slots that test both.
struct GenerationPage {
  static let slots = 1 << 16
  static let byteCount = countersOffset + slots * MemoryLayout<UInt32>.size
  private static let countersOffset = 4096
  /// The magic as a number with its bytes in this order in memory.
  private static let magic = UInt64(bigEndian: 0x5357_4745_4E53_0001)

  private let page: MappedPage
  let counters: UnsafeMutablePointer<Atomic<UInt32>>
  /// Milliseconds; 0 for none.
  let beat: UnsafeMutablePointer<Atomic<Int64>>
  let monotonicBeat: UnsafeMutablePointer<Atomic<Int64>>

  var file: File { page.file }

  /// Opens the page for reading only.
  ///
  /// - Throws: When it can't be opened, has another length, is another program's, or is a symbolic
  ///   link.
  init(reading path: String) throws(FileError) {
    let file = try File(path, for: .readingAtOnce)
    try self.init(try MappedPage(reading: file, count: Self.byteCount))
  }

  /// Opens the page for writing, by the same rules.
  init(updating path: String) throws(FileError) {
    let file = try File(path, for: .updating)
    guard try file.size() == Self.byteCount else {
      throw FileError("take for a page of generations", path, code: EINVAL)
    }
    try file.permit(0o644)
    try self.init(try MappedPage(file, count: Self.byteCount))
  }

  /// Makes a page and replaces the present file.
  ///
  /// All its counters start with one number, which no earlier page had. So records remembered under
  /// an older page, or without one, are invalid.
  init(making path: String) throws(FileError) {
    let fresh = File.fresh(path)
    try File.remove(fresh)
    let page = try MappedPage(File(fresh, for: .sharing), count: Self.byteCount)
    let generation = UInt32.random(in: 1...(.max))
    let counters = page.bytes + Self.countersOffset
    counters.initializeMemory(as: UInt32.self, repeating: generation, count: Self.slots)
    page.bytes.storeBytes(of: Self.magic, as: UInt64.self)
    try File.rename(fresh, to: path)
    try self.init(updating: path)
  }

  private init(_ page: MappedPage) throws(FileError) {
    guard page.bytes.load(as: UInt64.self) == Self.magic else {
      throw FileError("take for a page of generations", page.file.path, code: EINVAL)
    }
    self.page = page
    beat = (page.bytes + 8).bindMemory(to: Atomic<Int64>.self, capacity: 1)
    monotonicBeat = (page.bytes + 16).bindMemory(to: Atomic<Int64>.self, capacity: 1)
    counters = (page.bytes + Self.countersOffset)
      .bindMemory(to: Atomic<UInt32>.self, capacity: Self.slots)
  }

  /// The counter of a link's name (`LinkKey.name`); a collision costs one look-up.
  ///
  /// One fixed hash for all programs: Swift's own has another seed in each process.
  static func slot(of name: some Sequence<UInt8>) -> Int {
    var hash: UInt32 = 5381
    for byte in name { hash = hash &* 33 &+ UInt32(byte) }
    return Int((hash ^ hash >> 16) & 0xFFFF)
  }
}
