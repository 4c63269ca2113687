package import Files
import Glibc

/// Where the programs of one host keep what they share: `STATE_DIR`, which nobody else may write to.
///
/// The journals' directory may be writable for nginx's user, so nothing is kept there that these
/// programs open by a name of their own.
package struct StateDirectory: Sendable {
  package let path: String

  package init(_ path: String) {
    self.path = path
  }

  package init(_ settings: Settings) {
    self.init(settings.stateDirectory)
  }

  /// What the relay writes down of its progress.
  package var cursors: String { "\(path)/relay-cursors" }
  /// Where the writers count what they could not write.
  package var dropped: String { "\(path)/dropped" }
  /// Where the programs count: a page for each process.
  package var metrics: String { "\(path)/metrics" }
  /// How many bytes the journals have, for all who write them.
  package var usage: String { "\(path)/journal-usage" }
  /// The journals' figures, for all who are asked for them.
  package var depth: String { "\(path)/journal-depth" }
  /// The generations of links (`GenerationTable`): the one file here that others may read, for nginx.
  package var generations: String { "\(path)/generations" }
  package var relayLock: String { "\(path)/relay.lock" }
  package var invalidatorLock: String { "\(path)/invalidator.lock" }
  /// Bytes of journals that are no clicks, kept for a person to look at.
  package var quarantine: String { "\(path)/quarantine" }

  /// Makes the directory with mode 0711 where it is missing: nginx's user finds `generations` in it,
  /// and can't list it.
  ///
  /// - Throws: When it can't be made, or is another user's (EPERM), or when others may write to it
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

  /// Why the programs of this user can't share state there, in words after the path; nil when they can.
  package var problem: String? {
    guard let status = try? Directory(path).status() else { return "can't be opened" }
    if status.st_uid != geteuid(), geteuid() != 0 { return "is another user's" }
    if status.st_mode & 0o022 != 0 { return "may be written to by others" }
    return nil
  }
}
