/// An engine or a part of this host that answers depend on, and how to ask it for a sign of life.
package struct Dependency {
  package let name: String
  private let ping: () throws(StoreError) -> Void

  /// - Parameters:
  ///   - name: Its name in the answer to `GET /health`.
  ///   - ping: Returns once it has answered; waits no longer than the engine's time limit.
  package init(name: String, ping: @escaping () throws(StoreError) -> Void) {
    self.name = name
    self.ping = ping
  }

  /// Asks it.
  ///
  /// - Returns: How long it took, and why it gave no sign of life; nil when it did.
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
