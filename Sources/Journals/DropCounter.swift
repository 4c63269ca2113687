import Clicks
import Files
import Glibc
package import Service

/// Counts the clicks that could not be written, in one small file of `STATE_DIR`.
///
/// The file has its full length from the beginning: one line of digits for each counting process. A
/// process locks the bytes of its line; a later process takes over the line with its number. So
/// counting needs no room on a full disk and never waits, and the sum of the lines survives the
/// processes. The sum is exact for up to `lines` processes at a time; further ones count for
/// themselves.
///
/// It counts attempts to write. Both pools may attempt to write the click of a retried request. The
/// lost clicks by id are in the file of DROPPED_IDS, where that is set.
package final class DropCounter {
  private static let lines = 128
  /// Twenty digits and a line feed.
  private static let width = 21
  static let fileBytes = lines * width

  private let file: File
  private let ids: File?
  private let offset: Int
  private var count: Int

  /// Takes a line of the counter; nil when the file can't be created or has no free line.
  ///
  /// - Parameters:
  ///   - state: Where the file is.
  ///   - ids: A file that gets the id of each dropped click; none when empty.
  init?(_ state: StateDirectory, ids: String = "") {
    if !File.exists(state.dropped) { try? Self.make(state.dropped) }
    guard let file = try? File(state.dropped, for: .updating) else { return nil }
    for line in 0..<Self.lines {
      let place = line * Self.width
      guard RecordLock.take(file, from: place, count: Self.width),
        let count = Self.number(in: file, at: place)
      else { continue }
      self.file = file
      offset = place
      self.count = count
      self.ids = ids.isEmpty ? nil : try? File(ids, for: .appending, followsLinks: true)
      return
    }
    return nil
  }

  private static func number(in file: File, at place: Int) -> Int? {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: width - 1) { text in
      guard (try? file.read(at: place, into: text)) == text.count else { return nil }
      return Int(String(decoding: text, as: UTF8.self))
    }
  }

  /// Counts a click that could not be written, and records its id.
  func add(_ event: EventID) {
    try? ids?.write(Array("\(event)\n".utf8))
    count += 1
    let digits = Array(String(count).utf8)
    let line = [UInt8](repeating: UInt8(ascii: "0"), count: Self.width - 1 - digits.count) + digits
    try? file.write(line, at: offset)
  }

  /// The sum of all processes since the file was created.
  package static func total(in state: StateDirectory) -> Int {
    guard let file = try? File(state.dropped, for: .reading) else { return 0 }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: fileBytes) { text in
      let count = (try? file.read(at: 0, into: text)) ?? 0
      return text.prefix(count).split(separator: 0x0A)
        .reduce(0) {
          $0.addingReportingOverflow(Int(String(decoding: $1, as: UTF8.self)) ?? 0).partialValue
        }
    }
  }

  /// When the sum last grew, in milliseconds since 1970; nil without the file.
  package static func lastChange(in state: StateDirectory) -> Int64? {
    guard let status = try? File(state.dropped, for: .reading).status() else { return nil }
    return Int64(status.st_mtim.tv_sec) * 1000
  }

  /// Creates the complete file under another name first, so that no reader sees a part of it.
  private static func make(_ path: String) throws(FileError) {
    let fresh = "\(path).\(getpid())"
    defer { try? File.remove(fresh) }
    let line = [UInt8](repeating: UInt8(ascii: "0"), count: width - 1) + [0x0A]
    try File(fresh, for: .replacing).write(Array(repeatElement(line, count: lines).joined()))
    try File.link(fresh, as: path)
  }
}
