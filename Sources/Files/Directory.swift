package import Glibc
import SystemPackage

/// An open directory: names are looked up in it, and symbolic links are not followed.
///
/// Other users may write to it. So a name may change at any moment to a symbolic link, a FIFO, a
/// device or a directory. A file is what its descriptor says, and nothing here waits for a peer.
package final class Directory {
  package let path: String
  let descriptor: FileDescriptor

  /// Opens a directory by an operator's path, which may contain symbolic links.
  package init(_ path: String) throws(FileError) {
    self.path = path
    do {
      descriptor = try .open(path, .readOnly, options: [.directory, .closeOnExec])
    } catch {
      throw FileError("open", path, error)
    }
  }

  deinit { try? descriptor.close() }

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
      do throws(Errno) { try SystemCall.retry { mkdir(partial, isLast ? mode : 0o750) } } catch {
        guard error == .fileExists || error == .isDirectory else {
          throw FileError("make the directory", partial, error)
        }
      }
    }
  }

  /// Makes a directory that isn't there yet (`mkdir`); EEXIST when there is anything of its name.
  package static func makeNew(_ path: String, mode: mode_t) throws(FileError) {
    do throws(Errno) { try SystemCall.retry { mkdir(path, mode) } } catch {
      throw FileError("make the directory", path, error)
    }
  }

  /// The directory itself.
  package func status() throws(FileError) -> stat {
    do throws(Errno) { return try Stat(descriptor).rawValue } catch {
      throw FileError("look at", path, error)
    }
  }

  /// What a name stands for, symbolic links not followed; nil when there is no such name.
  package func status(of name: String) -> stat? {
    try? Stat(name, relativeTo: descriptor, flags: .symlinkNoFollow).rawValue
  }

  /// Opens a regular file to be read.
  ///
  /// - Returns: The file and what it is; nil when there is no such name.
  /// - Throws: ELOOP for a symbolic link, EINVAL for anything else that is no regular file. EMLINK
  ///   for a file with other names: it may be another user's.
  package func openFile(_ name: String) throws(FileError) -> (file: File, status: stat)? {
    let full = "\(path)/\(name)"
    let opened: Int32
    do throws(Errno) {
      opened = try SystemCall.retry {
        openat(descriptor.rawValue, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      }
    } catch {
      guard error != .noSuchFileOrDirectory else { return nil }
      throw FileError("open", full, error)
    }
    let file = File(adopting: FileDescriptor(rawValue: opened), full)
    let status = try file.status()
    guard status.isRegularFile, status.st_nlink <= 1 else {
      throw FileError(
        "take for a file of its own", full, code: status.isRegularFile ? EMLINK : EINVAL)
    }
    return (file, status)
  }

  /// The names in it, but `.` and `..`, in no order.
  package func names() throws(FileError) -> [String] {
    let listing = try Listing(of: self)
    var names: [String] = []
    while let name = try listing.next({ String(decoding: $0, as: UTF8.self) }) {
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Removes a name; one that is not there is no error.
  package func remove(_ name: String) throws(FileError) {
    do throws(Errno) { try SystemCall.retry { unlinkat(descriptor.rawValue, name, 0) } } catch {
      guard error != .noSuchFileOrDirectory else { return }
      throw FileError("remove", "\(path)/\(name)", error)
    }
  }

  /// Waits until the disk has the names (`fsync`).
  package func sync() throws(FileError) {
    do throws(Errno) { try SystemCall.retry { fsync(descriptor.rawValue) } } catch {
      throw FileError("sync", path, error)
    }
  }
}

extension stat {
  package var isRegularFile: Bool { st_mode & S_IFMT == S_IFREG }

  /// Whether two of these are of one file.
  package func isSameFile(as other: stat) -> Bool {
    st_ino == other.st_ino && st_dev == other.st_dev
  }
}
