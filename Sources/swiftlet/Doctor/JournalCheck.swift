import Glibc
import Service
import Stores

/// The journals' folder: there, writable, how much waits in it, how much room is left.
struct JournalCheck {
  let folder: String
  /// `JOURNAL_MAX_BYTES`.
  let maximumBytes: Int64

  /// More than this in the journals and the relay is behind.
  private static let plenty: Int64 = 256 << 20
  private static let scarce: Int64 = 1 << 30

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
    var files = 0
    var bytes: Int64 = 0
    var oldest: Int = .max
    var unreadable = 0
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { text in
        String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
      }
      var status = stat()
      guard name.hasSuffix(".ndjson"), stat("\(folder)/\(name)", &status) == 0 else { continue }
      files += 1
      if access("\(folder)/\(name)", R_OK) != 0 { unreadable += 1 }
      bytes += Int64(status.st_size)
      oldest = min(oldest, status.st_mtim.tv_sec)
    }
    guard unreadable == 0 else {
      return [
        .failed(
          "journals", "\(unreadable) of \(files) journals can't be read by this user",
          do: "nginx's fast path wrote them: give the folder a group that both users are in, and "
            + "mode 2770")
      ]
    }
    return [depth(files, bytes, oldest), room(), drops()]
  }

  private func depth(_ files: Int, _ bytes: Int64, _ oldest: Int) -> Finding {
    let now = Int(SystemClock.milliseconds() / 1000)
    let age = files == 0 ? "" : ", the oldest last written \(max(0, now - oldest)) s ago"
    let detail = "\(files) files, \(bytes >> 10) KiB\(age)"
    guard bytes < maximumBytes / 5 * 4 else {
      return .failed(
        "journals", detail + ", and JOURNAL_MAX_BYTES is \(maximumBytes >> 10) KiB",
        do: "start the relay and RabbitMQ at once: clicks will be dropped")
    }
    guard bytes < Self.plenty else {
      return .warning(
        "journals", detail, do: "see that the relay runs, and RabbitMQ: clicks are kept here")
    }
    return .ok("journals", detail)
  }

  private func drops() -> Finding {
    let dropped = DropCounter.total(in: JournalDirectory(folder))
    guard dropped > 0 else { return .ok("dropped clicks", "none") }
    return .warning(
      "dropped clicks", "\(dropped) clicks could not be written since the folder was made",
      do: "see the workers' logs for when; make room, or raise JOURNAL_MAX_BYTES")
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
