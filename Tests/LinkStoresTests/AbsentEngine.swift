import Foundation
import Glibc
import TestSupport

/// An engine's Unix socket where every connection ends at once, or whose server says nothing, and the
/// number of tries that clients made there.
final class AbsentEngine {
  /// The folder of its socket.
  let folder: String
  let path: String
  private let proxy: FaultProxy
  private let ownsFolder: Bool
  private let begin = ContinuousClock.now

  /// At a path of this name in a folder of its own, before an engine that may be there.
  init(name: String, before engine: String = "/nonexistent-folder/s") throws {
    var template = Array("/tmp/swiftlet-absent-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Socket.Failure("mkdtemp") }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    ownsFolder = true
    path = folder + "/" + name
    proxy = try FaultProxy(at: path, to: engine)
  }

  /// In the place of one that has gone.
  init(at path: String) throws {
    self.path = path
    folder = ""
    ownsFolder = false
    proxy = try FaultProxy(at: path, to: "/nonexistent-folder/s")
  }

  deinit {
    stop()
    if ownsFolder { rmdir(folder) }
  }

  /// Whether the engine behind it says nothing any more.
  var isSilent: Bool {
    get { proxy.mode == .swallow }
    set {
      proxy.mode = newValue ? .swallow : .pass
      if !newValue { proxy.cut() }
    }
  }

  func stop() {
    proxy.stop()
    unlink(path)
  }

  /// How many tries there were, and how many there may have been by a client that makes a pause of so
  /// many milliseconds at least after each: the slower the machine, the more.
  func tries(pausing milliseconds: Int) -> (tries: Int, most: Int) {
    // The last one may be on its way to be counted.
    _ = eventually(seconds: 5) { proxy.harm > 0 }
    let tries = proxy.harm
    return (tries, 1 + Int(begin.duration(to: .now) / .milliseconds(milliseconds)))
  }
}
