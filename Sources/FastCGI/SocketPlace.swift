import Glibc

/// Where in the file system a listening Unix socket was when this process began.
///
/// A supervisor that was killed leaves its workers running, and nginx still reaches them. The next
/// supervisor replaces their socket by its own. From then on nobody can connect to the old workers.
/// An inode stays in use while its socket is open, so another inode number means another socket.
package struct SocketPlace {
  private let path: String
  private let device: dev_t
  private let inode: ino_t

  /// Nil if the descriptor is no Unix socket, has no path, or has one that `stat` can't read.
  ///
  /// The C functions: `getsockname`, `stat`.
  package init?(of descriptor: Int32 = 0) {
    var address = sockaddr_un()
    var length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &length)
      }
    }
    guard status == 0, address.sun_family == sa_family_t(AF_UNIX) else { return nil }
    path = withUnsafeBytes(of: address.sun_path) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    guard path.hasPrefix("/"), let (device, inode) = Self.identity(of: path) else { return nil }
    self.device = device
    self.inode = inode
  }

  /// The file's name, without its directory.
  package var name: Substring { path.split(separator: "/").last ?? "" }

  /// Whether another file has replaced the socket; a removed socket doesn't count as replaced.
  package var isTaken: Bool {
    guard let now = Self.identity(of: path) else { return false }
    return now != (device, inode)
  }

  private static func identity(of path: String) -> (dev_t, ino_t)? {
    var status = stat()
    return stat(path, &status) == 0 ? (status.st_dev, status.st_ino) : nil
  }
}
