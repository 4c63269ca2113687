package import Clicks
import Glibc

/// The folder of the journals: `<16 hexadecimal digits>.ndjson`, one file a journal.
///
/// A click log that a web server writes itself will be a second kind of journal, told apart by its
/// name here.
package struct JournalDirectory: Sendable {
  package let path: String

  package init(_ path: String) {
    self.path = path
  }

  /// Makes the folder, and those above it, if they aren't there.
  package func make() throws(FileError) {
    var partial = path.hasPrefix("/") ? "/" : ""
    for component in path.split(separator: "/") {
      partial += component + "/"
      guard mkdir(partial, 0o750) == 0 || errno == EEXIST || errno == EISDIR else {
        throw FileError("make the folder", partial)
      }
    }
  }

  package func file(_ journal: JournalID) -> String { "\(path)/\(journal).ndjson" }

  /// What the relay writes down of its progress.
  var cursors: String { "\(path)/.relay-cursors" }
  /// Where the writers count what they could not write.
  var dropped: String { "\(path)/.dropped" }
  /// Where the programs of this host count.
  var metrics: String { "\(path)/.metrics" }
  package var relayLock: String { "\(path)/.relay.lock" }
  package var consumerLock: String { "\(path)/.consumer.lock" }

  /// Bytes of a journal that can't be published, kept for a person to look at.
  func quarantine(_ journal: JournalID, at offset: Int) -> String {
    "\(path)/.quarantine-\(journal)-\(offset)"
  }

  /// The journals there are now, in no order.
  func journals() throws(FileError) -> [JournalID] {
    guard let stream = opendir(path) else { throw FileError("list", path) }
    defer { closedir(stream) }
    var found: [JournalID] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { name in
        Array(name.prefix { $0 != 0 })
      }
      if let journal = Self.journal(named: name) { found.append(journal) }
    }
    return found
  }

  /// All bytes of a journal; none when it is no more.
  func contents(of journal: JournalID) throws(FileError) -> [UInt8] {
    let descriptor = open(file(journal), O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      let error = FileError("open", file(journal))
      if error.code == ENOENT { return [] }
      throw error
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count == 0 { return bytes }
      guard count > 0 || errno == EINTR else { throw FileError("read", file(journal)) }
      bytes += buffer[..<max(count, 0)]
    }
  }

  /// Bytes of all journals together.
  package func bytes() throws(FileError) -> Int {
    try journals().reduce(0) { $0 + (size(of: $1) ?? 0) }
  }

  /// Bytes of a journal; nil when it is no more.
  func size(of journal: JournalID) -> Int? {
    var status = stat()
    return stat(file(journal), &status) == 0 ? Int(status.st_size) : nil
  }

  /// Waits until the disk has a journal's bytes (`fdatasync`).
  ///
  /// - Returns: False when it is no more.
  func sync(_ journal: JournalID) throws(FileError) -> Bool {
    let descriptor = open(file(journal), O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      let error = FileError("open", file(journal))
      if error.code == ENOENT { return false }
      throw error
    }
    defer { close(descriptor) }
    guard fdatasync(descriptor) == 0 else { throw FileError("sync", file(journal)) }
    return true
  }

  /// Waits until the disk has the names in the folder (`fsync`).
  func sync() throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("open", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileError("sync", path) }
  }

  private static func journal(named name: [UInt8]) -> JournalID? {
    guard name.count == 23, name.suffix(7).elementsEqual(".ndjson".utf8) else { return nil }
    let journal = JournalID(hex: name.prefix(16))
    // Names are written in lower case; another spelling would be another file.
    return journal.flatMap { $0.description.utf8.elementsEqual(name.prefix(16)) ? $0 : nil }
  }
}
