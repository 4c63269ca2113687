import Files
import Glibc
import Journals
import Lookup
import Service

/// Checks the directories of the journals and of the shared state.
///
/// They must exist and be writable; the check also reports free room, and what is counted in them.
struct JournalCheck {
  private let settings: Settings
  private var path: String { settings.journalDirectory }

  private static let scarce: Int64 = 1 << 30
  /// Less than this is full within moments.
  private static let none: Int64 = 16 << 20

  init(_ settings: Settings) {
    self.settings = settings
  }

  func findings() -> [Finding] {
    let directory: Directory
    let names: [String]
    do throws(FileError) {
      directory = try Directory(path)
      names = try directory.names()
    } catch {
      return [
        .failed(
          "journals", "\(path): \(error.reason)",
          do: "make the directory, owned by the user the pools run as, or set JOURNAL_DIR")
      ]
    }
    guard access(path, W_OK) == 0 else {
      return [
        .failed(
          "journals", "\(path) can't be written by this user",
          do: "run doctor as the user the pools run as; they need the directory for themselves")
      ]
    }
    let heartbeat = Heartbeat(StateDirectory(settings))
    let numbers = MetricsReader(settings) { heartbeat.age }.read()
    return unreadable(names, of: directory) + state() + [room()]
      + SignalsCheck(numbers).findings()
  }

  /// Findings about `STATE_DIR`, and about what the relay has set aside there.
  private func state() -> [Finding] {
    let state = StateDirectory(settings)
    if let problem = state.problem {
      return [
        .failed(
          "state", "\(state.path) \(problem)",
          do: "as root: install -d -o USER -m 0711 \(state.path), for the programs' user")
      ]
    }
    let names = (try? Directory(state.quarantine).names()) ?? []
    let count = names.count { !$0.hasPrefix(".") }
    guard count > 0 else { return [] }
    return [
      .warning(
        "quarantine", "\(count) parts of journals are no clicks: \(state.quarantine)",
        do: "see what they are: a power cut leaves torn ends; remove what you have seen")
    ]
  }

  /// A finding if nginx's fast path writes journals that the relay can't read.
  private func unreadable(_ names: [String], of directory: Directory) -> [Finding] {
    let count = names.count { name in
      guard name.hasSuffix(".ndjson") else { return false }
      do throws(FileError) {
        _ = try directory.openFile(name)
        return false
      } catch {
        return error.code == EACCES
      }
    }
    guard count > 0 else { return [] }
    return [
      .failed(
        "journals", "\(count) of them can't be read by this user",
        do: "nginx's fast path wrote them: give the directory a group that both users are in, and "
          + "mode 2770")
    ]
  }

  private func room() -> Finding {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else {
      return .warning(
        "room for journals", String(cString: strerror(errno)), do: "look at the disk")
    }
    let free = Int64(status.f_bavail) * Int64(status.f_frsize)
    guard free > Self.none else {
      return .failed(
        "room for journals", "\(free >> 10) KiB are free: clicks are dropped",
        do: "make room on the disk of JOURNAL_DIR at once; redirects go on")
    }
    guard free > Self.scarce else {
      return .warning(
        "room for journals", "\(free >> 20) MiB are free",
        do: "make room: a full disk loses clicks")
    }
    return .ok("room for journals", "\(free >> 30) GiB are free")
  }
}
