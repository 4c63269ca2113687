/// The failure of a store's operation: the only error that leaves this layer.
///
/// `description` is safe for a client; `debugDescription` adds the engine's own message and goes to
/// the log.
package struct StoreError: Error, Sendable {
  package enum Store: String, Sendable {
    case postgres
    case redis
    case rabbitMQ = "rabbitmq"
    case clickHouse = "clickhouse"
    case journal
    /// Workers of this host, whose metrics show whether they live.
    case worker
  }

  package enum Kind: String, CaseIterable, Sendable {
    /// The engine can't be reached or can't serve now. The operation may or may not have been
    /// executed.
    case unavailable
    /// It did not answer in time. The operation may or may not have been executed.
    case timeout
    /// It refused the operation, and will refuse it again.
    case rejected

    /// The kind of an engine's error, as its wrapper reports it.
    package init(isTimeout: Bool, isRetriable: Bool) {
      self = isTimeout ? .timeout : isRetriable ? .unavailable : .rejected
    }
  }

  package let store: Store
  package let kind: Kind
  package let operation: String
  /// The engine's own message.
  package let detail: String
  /// Seconds after which a retry makes sense; `nil` when `rejected`.
  package let retryAfter: Int?

  package init(
    _ store: Store, _ kind: Kind, during operation: String, _ detail: String, retryAfter: Int = 1
  ) {
    self.store = store
    self.kind = kind
    self.operation = operation
    self.detail = detail
    self.retryAfter = kind == .rejected ? nil : max(1, retryAfter)
  }

  /// The `Retry-After` for a client, for any kind.
  package var retryAfterSeconds: Int { retryAfter ?? 1 }

  package var isRetriable: Bool { kind != .rejected }
}

extension StoreError: CustomStringConvertible, CustomDebugStringConvertible {
  package var description: String { "\(store.rawValue): \(operation): \(kind.rawValue)" }

  package var debugDescription: String { "\(description): \(detail)" }
}
