/// An engine or a part of this host that answers depend on, and its health check.
package struct Dependency {
  package let name: String
  private let ping: () throws(StoreError) -> Void

  /// - Parameters:
  ///   - name: Its name in the answer to `GET /health`.
  ///   - ping: Returns once it has answered, within the engine's time limit.
  package init(name: String, ping: @escaping () throws(StoreError) -> Void) {
    self.name = name
    self.ping = ping
  }

  /// Runs the health check.
  ///
  /// - Returns: How long it took, and the failure, if any.
  package func measure() -> (microseconds: Int, error: StoreError?) {
    let clock = ContinuousClock()
    var failure: StoreError?
    let elapsed = clock.measure {
      do throws(StoreError) {
        try ping()
      } catch {
        failure = error
      }
    }
    return (Int(elapsed / .microseconds(1)), failure)
  }
}
