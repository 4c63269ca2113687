import Foundation
import Glibc

/// A page of generations as a test lays it out by itself, byte by byte.
///
/// It is a file in the place of the one that the invalidator makes. Numbers are little endian, as is the
/// machine.
package final class GenerationPage: Sendable {
  package static let name = "generations"
  package static let magic = Array("SWGENS\0\u{1}".utf8)
  package static let size = 4096 + 65_536 * 4

  private let descriptor: Int32

  /// Makes it beside its place and renames it into it.
  ///
  /// - Parameters:
  ///   - directory: STATE_DIR.
  ///   - counter: What all counters begin with.
  ///   - mark: The first eight bytes.
  ///   - bytes: The file's length.
  /// - Throws: When it can't be made.
  package init(
    in directory: String, counter: UInt32 = .random(in: 1...UInt32.max), mark: [UInt8] = magic,
    bytes: Int = size
  ) throws {
    let counters = withUnsafeBytes(of: counter.littleEndian, Array.init)
    var content = mark + Array(repeating: 0, count: 4096 - mark.count)
    content.reserveCapacity(Self.size)
    for _ in 0..<65_536 { content += counters }
    content += Array(repeating: 0, count: max(0, bytes - content.count))
    let path = "\(directory)/\(Self.name)"
    try Data(content.prefix(bytes)).write(to: URL(fileURLWithPath: path), options: .atomic)
    descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0, fchmod(descriptor, 0o644) == 0 else { throw Socket.Failure(path) }
  }

  /// Opens the one that is there, which an invalidator may be writing to.
  ///
  /// - Parameter directory: STATE_DIR.
  /// - Throws: When there is none.
  package init(openedIn directory: String) throws {
    descriptor = open("\(directory)/\(Self.name)", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Socket.Failure(directory) }
  }

  deinit { close(descriptor) }

  /// The beat in milliseconds, by CLOCK_BOOTTIME and by CLOCK_MONOTONIC; 0 for none.
  package var beats: (boot: Int64, monotonic: Int64) { (moment(at: 8), moment(at: 16)) }

  /// Whether this is the file that has the name now.
  package func isIn(_ directory: String) -> Bool {
    var (own, named) = (stat(), stat())
    return fstat(descriptor, &own) == 0 && stat("\(directory)/\(Self.name)", &named) == 0
      && own.st_ino == named.st_ino
  }

  /// Says that all was heard up to a moment, in milliseconds of CLOCK_MONOTONIC.
  package func beat(_ moment: Int64) { put(moment.littleEndian, at: 16) }

  /// Says that all was heard up to now, for readers by either clock.
  package func beat() {
    beat(Self.now)
    put(Self.milliseconds(CLOCK_BOOTTIME).littleEndian, at: 8)
  }

  /// Counts a change of a name.
  package func bump(_ name: String) {
    let slot = Self.slot(name)
    put((counter(slot) &+ 1).littleEndian, at: 4096 + 4 * slot)
  }

  package func counter(_ slot: Int) -> UInt32 {
    var value: UInt32 = 0
    _ = withUnsafeMutableBytes(of: &value) {
      pread(descriptor, $0.baseAddress, 4, off_t(4096 + 4 * slot))
    }
    return UInt32(littleEndian: value)
  }

  package static func slot(_ name: String) -> Int {
    let hash = name.utf8.reduce(5381 as UInt32) { $0 &* 33 &+ UInt32($1) }
    return Int((hash ^ hash >> 16) & 0xFFFF)
  }

  /// Milliseconds of CLOCK_MONOTONIC.
  package static var now: Int64 { milliseconds(CLOCK_MONOTONIC) }

  private static func milliseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
  }

  private func moment(at offset: Int) -> Int64 {
    var value: Int64 = 0
    _ = withUnsafeMutableBytes(of: &value) { pread(descriptor, $0.baseAddress, 8, off_t(offset)) }
    return Int64(littleEndian: value)
  }

  private func put(_ value: some FixedWidthInteger, at offset: Int) {
    _ = withUnsafeBytes(of: value) { pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset)) }
  }
}
