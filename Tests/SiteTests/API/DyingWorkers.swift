import Foundation
import TestSupport

/// A pool's socket behind which workers die, or answer, as a test says.
///
/// Unchecked, because `lock` is held around every use of what changes.
final class DyingWorkers: @unchecked Sendable {
  enum Fate {
    /// The request is answered, and the connection is kept.
    case answer
    /// The worker dies when it has read the request.
    case die
    /// The worker dies, the next one answers.
    case dieOnce
    /// The worker never answers.
    case freeze
  }

  private let listener: Socket
  private let lock = NSLock()
  private var nextFate = Fate.answer
  private var received = 0
  private var frozen: [Socket] = []

  init(at path: String) throws {
    listener = try Socket(listeningAt: path)
    Thread.detachNewThread { [self] in
      while let connection = listener.accept() {
        Thread.detachNewThread { [self] in serve(connection) }
      }
    }
  }

  /// Takes no connection any more.
  func stop() { shutdown(listener.descriptor, Int32(SHUT_RDWR)) }

  /// Counts anew, and lets the next requests meet this fate.
  func meet(_ fate: Fate) {
    lock.withLock {
      nextFate = fate
      received = 0
    }
  }

  /// How many requests have come since.
  var requests: Int { lock.withLock { received } }

  private func serve(_ connection: Socket) {
    var bytes: [UInt8] = []
    while let more = try? connection.receive(), !more.isEmpty {
      bytes += more
      // The empty record that ends a body: version, type 5, request 1, no content.
      guard bytes.suffix(8).starts(with: [1, 5, 0, 1, 0, 0]) else { continue }
      bytes = []
      switch fate() {
      case .answer, .dieOnce: try? connection.send(Self.answer)
      case .die: return
      case .freeze: return lock.withLock { frozen.append(connection) }
      }
    }
  }

  private func fate() -> Fate {
    lock.withLock {
      received += 1
      guard nextFate == .dieOnce else { return nextFate }
      nextFate = .answer
      return .die
    }
  }

  /// The worker's part of a whole exchange: STDOUT, END_REQUEST.
  private static let answer: [UInt8] = {
    let text = Array("Status: 204 No Content\r\n\r\n".utf8)
    return [1, 6, 0, 1, 0, UInt8(text.count), 0, 0] + text + [1, 6, 0, 1, 0, 0, 0, 0]
      + [1, 3, 0, 1, 0, 8, 0, 0] + [0, 0, 0, 0, 0, 0, 0, 0]
  }()
}
