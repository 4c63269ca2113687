import Foundation
import Glibc
import Synchronization

/// A proxy in front of an engine that plays a faulty network.
///
/// On a free TCP port, or under the name of an engine's Unix socket.
package final class FaultProxy: Sendable {
  package enum Mode: Int, Sendable {
    case pass
    /// New connections end at once.
    case refuse
    /// Sent data is lost, without an error.
    case swallow
    /// Nothing passes, and sent data stays with its sender. Over TCP the kernel drops the client's
    /// packets without an acknowledgement, also those of new connections, like a network that is
    /// cut. Once it passes packets again, the lost ones are sent again.
    case drop
    /// A hundred bytes every 100 milliseconds, each way.
    case slow
    /// The client's data arrives a tenth of a second late, each piece.
    case late
    /// Requests with an INSERT's URL reach the server; its answers are lost.
    case loseInsertAnswers
    /// The server's data is lost.
    case loseAnswers
    /// The client's data is lost.
    case loseRequests
  }

  /// Where the engine is.
  private enum Target: Sendable {
    case port(UInt16)
    case path(String)

    func connect() throws -> Socket {
      switch self {
      case .port(let port): try Socket(port: port)
      case .path(let path): try Socket(path: path)
      }
    }
  }

  /// Where it listens; 0 at a Unix socket.
  package let port: UInt16
  private let target: Target
  private let listener: Socket
  private let modeValue = Atomic<Int>(0)
  private let generation = Atomic<Int>(0)
  private let endsWithReset = Atomic<Bool>(false)
  private let harmCount = Atomic<Int>(0)

  package var mode: Mode {
    get { Mode(rawValue: modeValue.load(ordering: .relaxed)) ?? .pass }
    set {
      modeValue.store(newValue.rawValue, ordering: .relaxed)
      if port != 0 { listener.setsPacketsAside(newValue == .drop) }
    }
  }

  /// How often a connection or what went over it met with harm so far.
  package var harm: Int { harmCount.load(ordering: .relaxed) }

  /// Begins to pass, to an engine on a port of 127.0.0.1, on a free one.
  package init(to target: UInt16) throws {
    self.target = .port(target)
    listener = try Socket(listeningOn: 0)
    port = try listener.port()
    start()
  }

  /// Begins to pass, to an engine at a Unix socket, at the path of another one that is not there.
  package init(at path: String, to target: String) throws {
    self.target = .path(target)
    listener = try Socket(listeningAt: path)
    port = 0
    start()
  }

  /// Ends all connections there are, from both sides.
  package func cut() {
    endsWithReset.store(false, ordering: .relaxed)
    generation.add(1, ordering: .relaxed)
  }

  /// The same as if the other side had crashed: over TCP by RST.
  package func reset() {
    endsWithReset.store(true, ordering: .relaxed)
    generation.add(1, ordering: .relaxed)
  }

  /// Takes no connection any more and ends those there are.
  package func stop() {
    mode = .pass
    shutdown(listener.descriptor, Int32(SHUT_RDWR))
    cut()
  }

  private func start() {
    Thread.detachNewThread { [self] in
      while let client = listener.accept() {
        Thread.detachNewThread { [self] in carry(client) }
      }
    }
  }

  private func noteHarm() { harmCount.add(1, ordering: .relaxed) }

  private func carry(_ client: Socket) {
    guard mode != .refuse, let server = try? target.connect() else { return noteHarm() }
    let born = generation.load(ordering: .relaxed)
    let isAlive = { [self] in generation.load(ordering: .relaxed) == born }
    var isInsert = false
    var isDropping = false
    while isAlive() {
      let isToDrop = mode == .drop
      if isDropping != isToDrop {
        isDropping = isToDrop
        if port != 0 { client.setsPacketsAside(isDropping) }
        if isDropping { noteHarm() }
      }
      if isDropping {
        usleep(20_000)
        continue
      }
      var ends = [client, server].map {
        pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
      }
      guard poll(&ends, 2, 20) >= 0 else { return }
      // It may have changed while nothing came: what comes after a change meets the new mode.
      let mode = mode
      if mode == .drop { continue }
      for (from, to, end) in [(client, server, ends[0]), (server, client, ends[1])]
      where end.revents != 0 {
        guard let bytes = try? from.receive(upTo: mode == .slow ? 100 : 65_536), !bytes.isEmpty
        else { return }
        if from === client {
          let head = String(decoding: bytes.prefix(2000), as: UTF8.self)
          if head.hasPrefix("POST "), head.contains("query=INSERT") { isInsert = true }
        }
        switch mode {
        case .swallow:
          noteHarm()
          continue
        case .loseRequests where from === client, .loseAnswers where from === server:
          noteHarm()
          continue
        case .loseInsertAnswers where from === server && isInsert: return noteHarm()
        case .late where from === client:
          noteHarm()
          usleep(100_000)
        case .slow:
          noteHarm()
          usleep(100_000)
        default: break
        }
        guard to.send(bytes, while: isAlive) else { return }
      }
    }
    if endsWithReset.load(ordering: .relaxed) {
      noteHarm()
      for end in [client, server] { end.resetsWhenClosed() }
    }
  }
}
