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

  private let file: File
  private let ids: File?
  private let offset: Int
  private var count: Int

  /// Takes a line of the counter; nil when the file can't be made or has no free line.
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

  /// Counts a click that could not be written, and names it.
  func add(_ event: EventID) {
    try? ids?.write(Array("\(event)\n".utf8))
    count += 1
    let digits = Array(String(count).utf8)
    let line = [UInt8](repeating: UInt8(ascii: "0"), count: Self.width - 1 - digits.count) + digits
    try? file.write(line, at: offset)
  }

  /// What all processes have counted since the file was made.
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

  /// Makes the file whole under another name first, so that nobody sees half of it.
  private static func make(_ path: String) throws(FileError) {
    let fresh = "\(path).\(getpid())"
    defer { try? File.remove(fresh) }
    let line = [UInt8](repeating: UInt8(ascii: "0"), count: width - 1) + [0x0A]
    try File(fresh, for: .replacing).write(Array(repeatElement(line, count: lines).joined()))
    try File.link(fresh, as: path)
  }
}
