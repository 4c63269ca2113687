import Foundation
import TestSupport

/// Names in the journals' directory that are no journals, as somebody may make them who may write to it.
final class HostileNames {
  private let directory: String
  /// A file that they lead to, of nobody's business.
  private let outside: String
  private static let content = "nobody writes here\n"
  private var names: [String] = []

  init() throws {
    directory = try TestStack.value("JOURNAL_DIR")
    outside = try TestStack.value("VAR") + "/outside"
    try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
    try Self.content.write(toFile: treasure, atomically: false, encoding: .utf8)
  }

  private var treasure: String { outside + "/treasure" }

  /// Makes some of each kind under journals' names, and links in the place of control files.
  func plant(_ count: Int) throws {
    for name in [".relay-cursors", ".relay-cursors.new", ".dropped", ".relay.lock", ".metrics"] {
      try make(name) { symlink(treasure, $0) }
    }
    for _ in 0..<count {
      try make { symlink(treasure, $0) }
      try make { symlink($0, $0) }
      try make { mkfifo($0, 0o666) }
      try make { mkdir($0, 0o777) }
      try make { link(treasure, $0) }
      try make { path in
        // The file belongs to another user of another group; only root can give a file away. It
        // gets its name last. Until then it is an empty file of the relay's user, as a writer may
        // leave it behind.
        let file = open(path + ".new", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        defer { close(file) }
        guard file >= 0, fchmod(file, 0) == 0, geteuid() != 0 || fchown(file, 33, 33) == 0 else {
          return -1
        }
        return rename(path + ".new", path)
      }
    }
  }

  private func make(_ name: String? = nil, _ body: (String) -> Int32) throws {
    let name = name ?? String(format: "%016lx.ndjson", UInt64.random(in: .min ... .max))
    guard body("\(directory)/\(name)") == 0 else { throw DrillError("can't make \(name)") }
    names.append(name)
  }

  /// What has happened to them or to what they lead to.
  var faults: [String] {
    var faults: [String] = []
    if (try? String(contentsOfFile: treasure, encoding: .utf8)) != Self.content {
      faults.append("a file outside the journals' directory was written to")
    }
    if (try? FileManager.default.contentsOfDirectory(atPath: outside)) != ["treasure"] {
      faults.append("files were made or removed outside the journals' directory")
    }
    let gone = names.filter { name in
      var status = stat()
      return lstat("\(directory)/\(name)", &status) != 0
    }
    if !gone.isEmpty { faults.append("\(gone.count) names that are no journals were removed") }
    return faults
  }

  func remove() {
    for name in names {
      if unlink("\(directory)/\(name)") != 0 { rmdir("\(directory)/\(name)") }
    }
    try? FileManager.default.removeItem(atPath: outside)
  }
}
