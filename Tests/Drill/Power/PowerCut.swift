import Foundation
import TestSupport

/// The journals on a disk of their own whose power can be cut; only root can mount it.
///
/// The disk is an ext4 image behind a loop device. At the cut the image is copied as it is. It
/// lacks what the kernel held in memory, and its content afterwards is what the file system
/// recovers. The loss of a real disk's own volatile cache is not simulated.
enum PowerCut {
  private static var image: String { get throws { try TestStack.value("VAR") + "/disk" } }

  @Sendable static func mount() throws {
    guard geteuid() == 0 else { throw DrillError("only root can mount a file system") }
    let image = try image
    try Command.check("/usr/bin/truncate", ["-s", "64M", image])
    try Command.check("/usr/sbin/mkfs.ext4", ["-q", "-E", "lazy_itable_init=0", image])
    try DiskFull.exchange { directory in try mount(image, at: directory) }
  }

  @Sendable static func unmount() throws {
    guard try DiskFull.isMounted(TestStack.value("JOURNAL_DIR")) else { return }
    try DiskFull.exchange { directory in try Command.check("/usr/bin/umount", [directory]) }
    unlink(try image)
  }

  private static func mount(_ image: String, at directory: String) throws {
    try Command.check("/usr/bin/mount", ["-o", "loop", image, directory])
  }

  /// Cuts the power of all that uses the journals; supervisord switches it on again.
  static func cut(_ scene: inout Scene) throws {
    let directory = try TestStack.value("JOURNAL_DIR")
    let pids = try [Component.worker, .lookup, .spare, .relay, .consumer].flatMap { try $0.pids }
    // All at the same moment, and from then on nobody writes or syncs.
    for pid in pids { Glibc.kill(pid, SIGSTOP) }
    defer { for pid in pids { Glibc.kill(pid, SIGKILL) } }
    scene.powerCuts.append(Date())
    let image = try image
    let snapshot = image + ".cut"
    try Command.check("/bin/cp", ["--sparse=always", image, snapshot])
    // The old disk is gone when the last of the dead processes has closed it.
    try Command.check("/usr/bin/umount", ["--lazy", directory])
    try Command.check("/bin/mv", [snapshot, image])
    try mount(image, at: directory)
  }
}
