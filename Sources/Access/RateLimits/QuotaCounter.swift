/// Counts the requests of keys that have a limit.
package protocol QuotaCounter: AnyObject {
  /// Counts a request.
  ///
  /// - Parameters:
  ///   - id: The key's id.
  ///   - limit: The key's requests in a minute.
  /// - Returns: What is left; it is exceeded for a request to be refused.
  func count(_ id: Int, limit: Int) -> Quota
}
