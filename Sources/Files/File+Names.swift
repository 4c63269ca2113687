package import Glibc
import SystemPackage

/// Names of files: made, changed and removed by path.
extension File {
  /// Whether there is anything of this name.
  package static func exists(_ path: String) -> Bool {
    (try? Stat(path, followTargetSymlink: false)) != nil
  }

  /// What a path leads to, symbolic links followed.
  package static func status(of path: String) throws(FileError) -> stat {
    do throws(Errno) { return try Stat(path).rawValue } catch {
      throw FileError("look at", path, error)
    }
  }

  /// Replaces a file as a whole: after a crash it is the old one or the new one.
  ///
  /// - Parameters:
  ///   - path: The file's path.
  ///   - bytes: What it is to contain.
  ///   - mode: Its permissions; by default those of any file that we make. With them a draft that was left
  ///     is removed first, since it may be anybody's.
  ///   - owner: Whose user and group it gets; by default ours.
  /// - Throws: When it can't be written. Then the old one is whole, and there is no draft of a new one.
  package static func replace(
    _ path: String, with bytes: [UInt8], mode: mode_t? = nil, owner: stat? = nil
  ) throws(FileError) {
    let fresh = File.fresh(path)
    do throws(FileError) {
      if mode != nil { try remove(fresh) }
      let file = try File(fresh, for: .replacing)
      if let owner { try file.give(to: owner) }
      if let mode { try file.permit(mode) }
      try file.write(bytes)
      try file.sync()
      try rename(fresh, to: path)
    } catch {
      try? remove(fresh)
      throw error
    }
    let parent = FilePath(path).removingLastComponent()
    try Directory(parent.isEmpty ? "." : parent.string).sync()
  }

  /// The name under which a file is written that is to replace another one.
  package static func fresh(_ path: String) -> String { path + ".new" }

  /// Gives a file another name, in place of the one that has it.
  package static func rename(_ path: String, to other: String) throws(FileError) {
    do throws(Errno) { try SystemCall.retry { Glibc.rename(path, other) } } catch {
      throw FileError("rename", path, error)
    }
  }

  /// Gives a file one more name; EEXIST when it is taken.
  package static func link(_ path: String, as other: String) throws(FileError) {
    do throws(Errno) { try SystemCall.retry { Glibc.link(path, other) } } catch {
      throw FileError("link", path, error)
    }
  }

  /// Makes a symbolic link; EEXIST when its name is taken.
  package static func makeLink(_ path: String, to target: String) throws(FileError) {
    do throws(Errno) { try SystemCall.retry { symlink(target, path) } } catch {
      throw FileError("link", path, error)
    }
  }

  /// The whole path of what a path leads to, without symbolic links (`realpath`).
  package static func realPath(_ path: String) throws(FileError) -> String {
    guard let real = realpath(path, nil) else { throw FileError("look at", path, code: errno) }
    defer { free(real) }
    return String(cString: real)
  }

  /// A path from the root on, without `.` and `..`, by its words alone.
  package static func normalPath(_ path: String) -> String {
    var place = FilePath("/")
    if let current = getcwd(nil, 0) {
      place = FilePath(platformString: current)
      free(current)
    }
    return place.pushing(FilePath(path)).lexicallyNormalized().string
  }

  /// What a symbolic link says; nil for anything else.
  package static func target(ofLink path: String) -> String? {
    var room = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &room, room.count)
    guard count >= 0 else { return nil }
    return String(decoding: room[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Removes a name; one that is not there is no error.
  package static func remove(_ path: String) throws(FileError) {
    do throws(Errno) { try SystemCall.retry { unlink(path) } } catch {
      guard error != .noSuchFileOrDirectory else { return }
      throw FileError("remove", path, error)
    }
  }
}
