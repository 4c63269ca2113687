/// Why a store could not do what it was asked: the one error that leaves this layer.
///
/// `description` is safe for a stranger; `debugDescription` adds the engine's own words and goes to
/// the log.
package struct StoreError: Error, Sendable {
  package enum Store: String, Sendable {
    case postgres
    case redis
    case rabbitMQ = "rabbitmq"
    case clickHouse = "clickhouse"
    case journal
    /// Workers of this host, whose numbers say whether they live.
    case worker
  }

  package enum Kind: String, CaseIterable, Sendable {
    /// The engine can't be reached or can't serve now. It may or may not have done it.
    case unavailable
    /// It did not answer in time. It may or may not have done it.
    case timeout
    /// It refused, and will refuse again.
    case rejected

    /// The kind of an engine's error, by what its wrapper says of it.
    package init(isTimeout: Bool, isRetriable: Bool) {
      self = isTimeout ? .timeout : isRetriable ? .unavailable : .rejected
    }
  }

  package let store: Store
  package let kind: Kind
  package let operation: String
  /// The engine's words.
  package let detail: String
  /// Seconds after which another try makes sense; `nil` when `rejected`.
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

  /// What a client is told of when to come again, whatever the kind.
  package var retryAfterSeconds: Int { retryAfter ?? 1 }

  package var isRetriable: Bool { kind != .rejected }
}

extension StoreError: CustomStringConvertible, CustomDebugStringConvertible {
  package var description: String { "\(store.rawValue): \(operation): \(kind.rawValue)" }

  package var debugDescription: String { "\(description): \(detail)" }
}
