import Glibc
import Journals
import Service

/// The directories of the journals and of the shared state: there, writable, how much room is left,
/// and what is counted in them.
struct JournalCheck {
  private let settings: Settings
  private var folder: String { settings.journalDirectory }

  private static let scarce: Int64 = 1 << 30

  init(_ settings: Settings) {
    self.settings = settings
  }

  func findings() -> [Finding] {
    guard let directory = opendir(folder) else {
      let reason = String(cString: strerror(errno))
      return [
        .failed(
          "journals", "\(folder): \(reason)",
          do: "make the folder, owned by the user the pools run as, or set JOURNAL_DIR")
      ]
    }
    defer { closedir(directory) }
    guard access(folder, W_OK) == 0 else {
      return [
        .failed(
          "journals", "\(folder) can't be written by this user",
          do: "run doctor as the user the pools run as; they need the folder for themselves")
      ]
    }
    return unreadable(directory) + state() + [room()]
      + SignalsCheck(Instruments(settings).read()).findings()
  }

  /// What is not well with `STATE_DIR`, and what the relay has set aside there.
  private func state() -> [Finding] {
    let state = StateDirectory(settings)
    if let problem = state.problem {
      return [
        .failed(
          "state", "\(state.path) \(problem)",
          do: "as root: install -d -o USER -m 0700 \(state.path), for the programs' user")
      ]
    }
    guard let directory = opendir(state.quarantine) else { return [] }
    defer { closedir(directory) }
    var count = 0
    while let entry = readdir(directory) {
      if entry.pointee.d_name.0 != CChar(bitPattern: UInt8(ascii: ".")) { count += 1 }
    }
    guard count > 0 else { return [] }
    return [
      .warning(
        "quarantine", "\(count) parts of journals are no clicks: \(state.quarantine)",
        do: "see what they are: a power cut leaves torn ends; remove what you have seen")
    ]
  }

  /// A finding if nginx's fast path writes journals that the relay can't read.
  private func unreadable(_ directory: OpaquePointer) -> [Finding] {
    var count = 0
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { text in
        String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
      }
      let isUnreadable =
        faccessat(dirfd(directory), name, R_OK, AT_SYMLINK_NOFOLLOW) != 0 && errno == EACCES
      if name.hasSuffix(".ndjson"), isUnreadable { count += 1 }
    }
    guard count > 0 else { return [] }
    return [
      .failed(
        "journals", "\(count) of them can't be read by this user",
        do: "nginx's fast path wrote them: give the folder a group that both users are in, and "
          + "mode 2770")
    ]
  }

  private func room() -> Finding {
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else {
      return .warning(
        "room for journals", String(cString: strerror(errno)), do: "look at the disk")
    }
    let free = Int64(status.f_bavail) * Int64(status.f_frsize)
    guard free > Self.scarce else {
      return .warning(
        "room for journals", "\(free >> 20) MiB are free",
        do: "make room: a full disk loses clicks")
    }
    return .ok("room for journals", "\(free >> 30) GiB are free")
  }
}
