/// The pools' sockets: there, and somebody listens.
struct SocketCheck {
  let folder: String

  func findings() -> [Finding] {
    ["shortener", "shortener-lookup", "shortener-api", "shortener-spare", "analytics"].map { pool in
      let path = "\(folder)/\(pool).sock"
      do throws(StreamSocket.Failure) {
        _ = try StreamSocket(path: path)
        return .ok("socket of \(pool)", path)
      } catch {
        return .failed(
          "socket of \(pool)", "\(path): \(error.description)",
          do: "start the pool (supervisorctl start \(pool):*), or set SWIFTLET_RUN to the sockets' "
            + "folder; the sockets open to members of their group only")
      }
    }
  }
}
