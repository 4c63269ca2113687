import Files
import Glibc
import Service

/// Checks what nginx's fast path needs of this host; only with FAST_PATH=1.
struct FastPathCheck {
  private static let subject = "fast path"
  private let state: StateDirectory
  private let journals: String

  init(_ settings: Settings) {
    state = StateDirectory(settings)
    journals = settings.journalDirectory
  }

  func findings() -> [Finding] { [passage(), groups()].compactMap { $0 } }

  /// A finding if nginx's user can't reach the page of generations.
  private func passage() -> Finding? {
    let closed = closedDirectories
    guard !closed.isEmpty else { return nil }
    return .warning(
      Self.subject, "nginx's user can't reach \(state.generations)",
      do: "chmod o+x \(closed.joined(separator: " ")): others may pass then, and can read "
        + "no other file of STATE_DIR")
  }

  /// The state's directory and those above it, as far as others may not pass.
  private var closedDirectories: [String] {
    guard let resolved = try? File.realPath(state.path) else { return [] }
    var path = ""
    return resolved.split(separator: "/").compactMap { name in
      path += "/" + name
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & 0o001 == 0 else { return nil }
      return path
    }
  }

  /// A finding if a relay that runs lacks the group of the journals, which nginx writes.
  ///
  /// A process has the groups that its user had when it was started.
  private func groups() -> Finding? {
    var directory = stat()
    guard stat(journals, &directory) == 0,
      let relay = relay(of: directory.st_uid), !relay.groups.contains(directory.st_gid)
    else { return nil }
    let group = getgrgid(directory.st_gid).map { String(cString: $0.pointee.gr_name) }
    let name = group ?? "\(directory.st_gid)"
    return .failed(
      Self.subject,
      "the relay (process \(relay.pid)) is not in the group \(name) of \(journals), and "
        + "can't read what nginx writes there",
      do: "add its user to the group (usermod -a -G \(name) USER), then \(Advice.restart("relay"))")
  }

  /// The relay that a user runs, with its groups; nil for none, and for root's, who may read all.
  private func relay(of user: uid_t) -> (pid: Int, groups: Set<gid_t>)? {
    for name in (try? Directory("/proc").names()) ?? [] {
      guard let pid = Int(name), let fields = Self.status(pid), fields["Name"] == ["relay"],
        let owner = fields["Uid"]?.dropFirst().first, owner == "\(user)", owner != "0"
      else { continue }
      let groups = (fields["Groups"] ?? []) + (fields["Gid"] ?? [])
      return (pid, Set(groups.compactMap { gid_t($0) }))
    }
    return nil
  }

  /// `/proc/PID/status`: the words of each line by its name.
  private static func status(_ pid: Int) -> [String: [String]]? {
    guard let file = try? File("/proc/\(pid)/status", for: .reading),
      let bytes = try? file.bytes(atMost: 1 << 16)
    else { return nil }
    var fields: [String: [String]] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      fields[String(parts[0])] = parts[1].split { $0 == " " || $0 == "\t" }.map(String.init)
    }
    return fields
  }
}
