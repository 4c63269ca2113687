import Curl
import Glibc
import Service

/// Checks the pools' sockets: each must exist, and a worker must listen there.
struct SocketCheck {
  let directory: String

  private static let timeout = 2000

  func findings() -> [Finding] {
    ["shortener", "shortener-lookup", "shortener-api", "shortener-spare", "analytics"].map { pool in
      let path = "\(directory)/\(pool).sock"
      do throws(TransferError) {
        try Self.connect(path)
        return .ok("socket of \(pool)", path)
      } catch {
        return .failed(
          "socket of \(pool)", "\(path): \(error.description)",
          do: "start the pool (supervisorctl start \(pool):*), or set SWIFTLET_RUN to the sockets' "
            + "directory; the sockets open to members of their group only")
      }
    }
  }

  /// Connects, and sends nothing.
  ///
  /// A busy pool gets time to accept waiting connections.
  private static func connect(_ path: String) throws(TransferError) {
    var transfer = Transfer(.connect, "http://localhost/", timeout: timeout, answerLimit: 0)
    transfer.unixSocket = path
    let end = SystemClock.bootMilliseconds() + Int64(timeout)
    while true {
      do throws(TransferError) {
        _ = try HTTPSession().perform(transfer)
        return
      } catch {
        guard error.cause == .backlogFull, SystemClock.bootMilliseconds() < end else { throw error }
        usleep(50_000)
      }
    }
  }
}
