import Clicks
import Files
import Glibc
package import Service

/// Clicks that could not be written, counted in one small file of `STATE_DIR`.
///
/// The file has its full length from the beginning: a line of digits for each process that counts,
/// held by a lock on its bytes and taken over, with its number, by a later process. So counting
/// needs no room on a full disk and waits for nobody, and the sum of the lines survives the
/// processes. It is exact, but for more than `lines` processes at a time: those count for themselves.
///
/// It counts tries to write, and both pools may try to write the click of a request that was retried:
/// which clicks are lost is in the file of DROPPED_IDS, where there is one.
package final class DropCounter {
  private static let lines = 128
  /// Twenty digits and a line feed.
  private static let width = 21
  static let fileBytes = lines * width

  private let descriptor: Int32
  /// The file of ids, or -1.
  private let ids: Int32
  private let offset: off_t
  private var count: Int

  /// Takes a line of the counter; nil when the file can't be made or has no free line.
  ///
  /// - Parameters:
  ///   - state: Where the file is.
  ///   - ids: A file that gets the id of each dropped click; none when empty.
  init?(_ state: StateDirectory, ids: String = "") {
    let counts = state.dropped
    var opened = open(counts, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
    if opened < 0, errno == ENOENT {
      Self.make(counts)
      opened = open(counts, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
    }
    guard opened >= 0 else { return nil }
    for line in 0..<Self.lines {
      let place = off_t(line * Self.width)
      guard RecordLock.take(opened, from: Int(place), count: Self.width) else { continue }
      var text = [UInt8](repeating: 0, count: Self.width - 1)
      guard pread(opened, &text, text.count, place) == text.count,
        let count = Int(String(decoding: text, as: UTF8.self))
      else { continue }
      descriptor = opened
      offset = place
      self.count = count
      self.ids = ids.isEmpty ? -1 : open(ids, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
      return
    }
    close(opened)
    return nil
  }

  deinit {
    close(descriptor)
    if ids >= 0 { close(ids) }
  }

  /// Counts a click that could not be written, and names it.
  func add(_ event: EventID) {
    if ids >= 0 {
      let name = Array("\(event)\n".utf8)
      _ = write(ids, name, name.count)
    }
    count += 1
    let digits = Array(String(count).utf8)
    let line = [UInt8](repeating: UInt8(ascii: "0"), count: Self.width - 1 - digits.count) + digits
    _ = pwrite(descriptor, line, line.count, offset)
  }

  /// What all processes have counted since the file was made.
  package static func total(in state: StateDirectory) -> Int {
    let descriptor = open(state.dropped, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return 0 }
    defer { close(descriptor) }
    var text = [UInt8](repeating: 0, count: fileBytes)
    let length = pread(descriptor, &text, text.count, 0)
    return text.prefix(max(length, 0)).split(separator: 0x0A)
      .reduce(0) {
        $0.addingReportingOverflow(Int(String(decoding: $1, as: UTF8.self)) ?? 0).partialValue
      }
  }

  /// Makes the file whole under another name first, so that nobody sees half of it.
  private static func make(_ path: String) {
    let fresh = "\(path).\(getpid())"
    let descriptor = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { return }
    let line = [UInt8](repeating: UInt8(ascii: "0"), count: width - 1) + [0x0A]
    let text = Array(repeatElement(line, count: lines).joined())
    if write(descriptor, text, text.count) == text.count { link(fresh, path) }
    close(descriptor)
    unlink(fresh)
  }
}
