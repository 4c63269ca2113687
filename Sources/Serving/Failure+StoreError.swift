package import Sessions

extension Failure {
  /// A store's failure, with a sentence for the client; the store's own words are in the log.
  package init(_ error: StoreError, _ detail: String) {
    self = .unavailable(detail, retryAfterSeconds: error.retryAfter ?? 1)
  }
}
