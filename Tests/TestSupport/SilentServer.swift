import Glibc

/// A Unix socket on which connections are made and nothing is ever said: what a frozen server of
/// any kind looks like.
package final class SilentServer {
  package let folder: String
  private let path: String
  private let socket: Socket

  package init(name: String) throws {
    var template = Array("/tmp/swiftlet-silent-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Socket.Failure("mkdtemp") }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    path = folder + "/" + name
    socket = try Socket(listeningAt: path)
  }

  deinit {
    unlink(path)
    rmdir(folder)
  }
}
