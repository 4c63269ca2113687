import Files
import Glibc
import Service

/// Earlier releases kept the relay's progress and the count of drops with the journals.
extension StateDirectory {
  /// Takes over the files that an earlier release left in the journals' directory, once.
  ///
  /// A file is taken over only if this user owns it and no other user could write to it; any other
  /// file stays. Without the relay's progress journals are published again, and each click still
  /// counts once.
  ///
  /// - Returns: The names that were taken over.
  package func takeOver(from journals: JournalDirectory) -> [String] {
    let left = [(".relay-cursors", cursors, nil), (".dropped", dropped, DropCounter.fileBytes)]
    return left.compactMap { name, file, size in
      takeOver(name, from: journals, as: file, size: size) ? name : nil
    }
  }

  /// The limit of bytes of such a file: the progress in 300 000 journals.
  private static let byteLimit = 16 << 20

  private func takeOver(
    _ name: String, from journals: JournalDirectory, as file: String, size: Int?
  ) -> Bool {
    guard !File.exists(file), let directory = try? Directory(journals.path),
      let (old, status) = try? directory.openFile(name),
      status.st_uid == geteuid(), status.st_mode & 0o022 == 0,
      let bytes = try? old.bytes(atMost: Self.byteLimit), bytes.count == size ?? bytes.count,
      (try? File.replace(file, with: bytes)) != nil
    else { return false }
    try? directory.remove(name)
    return true
  }
}
