import Foundation
import Synchronization
import TestSupport

/// Journals beyond number, and clients that keep asking for what is read of them.
enum ManyJournals {
  /// Runs `body` while so many journals without a click lie in the directory.
  static func among(_ count: Int, _ body: () throws -> Void) throws {
    let directory = try TestStack.value("JOURNAL_DIR")
    let paths = (0..<count).map { _ in
      String(format: "\(directory)/%016lx.ndjson", UInt64.random(in: .min ... .max))
    }
    defer { for path in paths { unlink(path) } }
    for path in paths {
      let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
      guard file >= 0, write(file, "\n", 1) == 1 else { throw DrillError("can't make \(path)") }
      close(file)
    }
    try body()
  }

  /// Runs `body` while 60 connections ask for `/health` and `/metrics`, one request after the other.
  ///
  /// - Returns: How many answers they had.
  static func whileAskedByMany(_ body: () -> Void) throws -> Int {
    let site = try HTTPClient.site()
    let (isOver, answers) = (Shared(false), Shared(0))
    let group = DispatchGroup()
    for client in 0..<60 {
      group.enter()
      // A thread of its own: the pool of dispatch has no more threads than the machine has cores.
      Thread {
        var site = site
        // Two addresses, each below the limit of one client.
        site.source = UInt8(200 + client % 2)
        while !isOver.value {
          if (try? site.get(client % 4 == 0 ? "/metrics" : "/health")) != nil {
            answers.change { $0 += 1 }
          }
        }
        group.leave()
      }.start()
    }
    body()
    isOver.change { $0 = true }
    group.wait()
    return answers.value
  }

  private final class Shared<Value: Sendable>: Sendable {
    private let content: Mutex<Value>

    init(_ value: Value) { content = Mutex(value) }

    var value: Value { content.withLock { $0 } }

    func change(_ body: (inout Value) -> Void) {
      content.withLock { value in
        var changed = value
        body(&changed)
        value = changed
      }
    }
  }
}
