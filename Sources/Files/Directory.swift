package import Glibc

/// A directory that is open: every name is looked up in it, and none is followed out of it.
///
/// Others may write to it. So a name may be a symbolic link, a FIFO, a device or a directory at any
/// moment; a file is what its descriptor says it is, and nothing here waits for a peer.
package final class Directory {
  package let path: String
  package let descriptor: Int32

  /// Opens a directory by the path that the operator set, which may lead through symbolic links.
  package init(_ path: String) throws(FileError) {
    self.path = path
    descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("open", path) }
  }

  deinit { close(descriptor) }

  /// Makes a directory, and those above it, where they are missing.
  ///
  /// - Parameters:
  ///   - path: Absolute, or relative to the working directory.
  ///   - mode: Its permissions; those above it get 0750.
  /// - Throws: When one of them can't be made.
  package static func make(_ path: String, mode: mode_t) throws(FileError) {
    let components = path.split(separator: "/")
    var partial = path.hasPrefix("/") ? "/" : ""
    for (number, component) in components.enumerated() {
      partial += component + "/"
      let isLast = number == components.count - 1
      guard mkdir(partial, isLast ? mode : 0o750) == 0 || errno == EEXIST || errno == EISDIR else {
        throw FileError("make the directory", partial)
      }
    }
  }

  /// The directory itself.
  package func status() throws(FileError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError("look at", path) }
    return status
  }

  /// What a name stands for, symbolic links not followed; nil when there is no such name.
  package func status(of name: String) -> stat? {
    var status = stat()
    return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
  }

  /// Opens a regular file to be read.
  ///
  /// - Returns: Its descriptor and what it is; nil when there is no such name.
  /// - Throws: For a symbolic link (ELOOP), for anything else that is no regular file (EINVAL), and
  ///   for a file that has other names (EMLINK): it may be somebody else's.
  package func openFile(_ name: String) throws(FileError) -> (descriptor: Int32, status: stat)? {
    let opened = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    if opened < 0 {
      let error = FileError("open", "\(path)/\(name)")
      if error.code == ENOENT { return nil }
      throw error
    }
    var status = stat()
    let isKnown = fstat(opened, &status) == 0
    guard isKnown, status.isRegularFile, status.st_nlink <= 1 else {
      let code = !isKnown ? errno : status.isRegularFile ? EMLINK : EINVAL
      close(opened)
      throw FileError("take for a file of its own", "\(path)/\(name)", code: code)
    }
    return (opened, status)
  }

  /// Removes a name; one that is not there is no error.
  package func remove(_ name: String) throws(FileError) {
    guard unlinkat(descriptor, name, 0) == 0 || errno == ENOENT else {
      throw FileError("remove", "\(path)/\(name)")
    }
  }

  /// Waits until the disk has the names (`fsync`).
  package func sync() throws(FileError) {
    guard fsync(descriptor) == 0 else { throw FileError("sync", path) }
  }
}

extension stat {
  package var isRegularFile: Bool { st_mode & S_IFMT == S_IFREG }

  /// Whether two of these are of one file.
  package func isSameFile(as other: stat) -> Bool {
    st_ino == other.st_ino && st_dev == other.st_dev
  }
}
