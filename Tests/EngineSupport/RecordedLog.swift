package import Logging
import Synchronization

/// What a program logs, for a test that reads it.
package final class RecordedLog: Sendable {
  private let recorded = Mutex<[String]>([])

  package init() {}

  /// The messages, in their order.
  package var messages: [String] { recorded.withLock(\.self) }

  package var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

  private struct Handler: LogHandler {
    let log: RecordedLog
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      log.recorded.withLock { $0.append(event.message.description) }
    }
  }
}
