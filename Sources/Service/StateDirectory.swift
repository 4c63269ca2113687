package import Files
import Glibc

/// The directory of the state that a host's programs share: `STATE_DIR`; no other user may write to
/// it.
///
/// The journals' directory may be writable for nginx's user. So it holds no file that these
/// programs open by a fixed name.
package struct StateDirectory: Sendable {
  package let path: String

  package init(_ path: String) {
    self.path = path
  }

  package init(_ settings: Settings) {
    self.init(settings.stateDirectory)
  }

  /// The relay's saved progress.
  package var cursors: String { "\(path)/relay-cursors" }
  /// The writers' counter of dropped clicks.
  package var dropped: String { "\(path)/dropped" }
  /// The directory of the programs' counters: a page for each process.
  package var metrics: String { "\(path)/metrics" }
  /// The shared size of the journals, for all their writers.
  package var usage: String { "\(path)/journal-usage" }
  /// The shared figures of the journals, for all processes that report them.
  package var depth: String { "\(path)/journal-depth" }
  /// The generations of links (`GenerationTable`); the only file here that nginx's user may read.
  package var generations: String { "\(path)/generations" }
  package var relayLock: String { "\(path)/relay.lock" }
  package var invalidatorLock: String { "\(path)/invalidator.lock" }
  /// Parts of journals that are no clicks, kept for an operator.
  package var quarantine: String { "\(path)/quarantine" }

  /// Creates the directory with mode 0711 if it doesn't exist.
  ///
  /// So nginx's user can open `generations` in it, and can't list it.
  ///
  /// - Throws: When it can't be created, is another user's (EPERM), or others may write to it
  ///   (EACCES).
  package func make() throws(FileError) {
    try Directory.make(path, mode: 0o711)
    let status = try Directory(path).status()
    guard status.st_uid == geteuid() else {
      throw FileError("keep state in", path, code: EPERM)
    }
    guard status.st_mode & 0o022 == 0 else {
      throw FileError("keep state where others may write,", path, code: EACCES)
    }
  }

  /// Why this user's programs can't share state there, as text after the path; nil when they can.
  package var problem: String? {
    guard let status = try? Directory(path).status() else { return "can't be opened" }
    if status.st_uid != geteuid(), geteuid() != 0 { return "is another user's" }
    if status.st_mode & 0o022 != 0 { return "may be written to by others" }
    return nil
  }
}
