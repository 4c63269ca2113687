import Foundation
import TestSupport

/// An engine's data on a small file system of its own that can be filled; only root can mount it.
struct EngineDisk {
  let engine: Component
  /// The room of the file system in addition to the moved data.
  let spareMegabytes: Int
  /// The data's directory in VAR.
  private let name: String

  static let postgres = EngineDisk(.postgres, "postgres", spareMegabytes: 48)
  static let redis = EngineDisk(.redis, "redis", spareMegabytes: 16)
  /// More than rabbitmq.conf's disk_free_limit, below which RabbitMQ blocks its publishers.
  static let rabbitmq = EngineDisk(.rabbitmq, "rabbitmq/mnesia", spareMegabytes: 300)
  static let clickhouse = EngineDisk(.clickhouse, "clickhouse/data", spareMegabytes: 32)

  private init(_ engine: Component, _ name: String, spareMegabytes: Int) {
    self.engine = engine
    self.name = name
    self.spareMegabytes = spareMegabytes
  }

  private var directory: String { get throws { try TestStack.value("VAR") + "/" + name } }
  private var ballast: String { get throws { try directory + "/ballast" } }

  /// Moves the engine's data there, with the engine stopped meanwhile.
  func mount() throws {
    guard geteuid() == 0 else { throw DrillError("only root can mount a small file system") }
    let directory = try directory
    try Supervisor.stop("engines:\(engine)")
    defer { restart() }
    let used = try Command.check("/usr/bin/du", ["-sm", directory]).prefix { $0.isNumber }
    let size = (Int(used) ?? 0) + spareMegabytes
    let small = directory + ".small"
    try Command.check("/bin/mkdir", [small])
    try Command.check("/usr/bin/mount", ["-t", "tmpfs", "-o", "size=\(size)m", "tmpfs", small])
    defer {
      do {
        try Command.check("/usr/bin/umount", [small])
        try Command.check("/bin/rmdir", [small])
      } catch { say("\(error)") }
    }
    try Command.check("/bin/cp", ["-a", directory + "/.", small])
    // Over the data, which are there again when it goes; what is written meanwhile is copied back.
    try Command.check("/usr/bin/mount", ["--bind", small, directory])
  }

  /// Moves the data back.
  func unmount() throws {
    let directory = try directory
    guard try DiskFull.isMounted(directory) else { return }
    free()
    try Supervisor.stop("engines:\(engine)")
    defer { restart() }
    let whole = directory + ".whole"
    try Command.check("/bin/cp", ["-a", directory, whole])
    try Command.check("/usr/bin/umount", [directory])
    try Command.check("/bin/rm", ["-rf", directory])
    try Command.check("/bin/mv", [whole, directory])
  }

  /// Leaves so much room and no more.
  func fill(leaving bytes: Int = 0) throws {
    let file = open(try ballast, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw Socket.Failure("make \(try ballast)") }
    defer { close(file) }
    // The engine takes room meanwhile, too.
    for _ in 0..<100 {
      var space = statvfs()
      var status = stat()
      guard statvfs(try directory, &space) == 0, fstat(file, &status) == 0 else {
        throw Socket.Failure("look at \(try directory)")
      }
      let count = Int(space.f_bavail) * Int(space.f_frsize) - bytes
      guard count > 0 else { return }
      _ = posix_fallocate(file, status.st_size, off_t(count))
    }
    throw DrillError("\(try directory) can't be filled")
  }

  /// Gives the room back.
  func free() {
    if let ballast = try? ballast { unlink(ballast) }
  }

  private func restart() {
    do {
      try Supervisor.start("engines:\(engine)")
      usleep(3_000_000)
    } catch { say("start \(engine): \(error)") }
  }
}
