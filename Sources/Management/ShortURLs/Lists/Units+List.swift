package import Access
import Sessions

extension Units {
  /// A page of the links that the caller can see.
  ///
  /// - Throws: `tooSlow` when PostgreSQL needs longer than a request may take, else `unavailable`.
  package func list(
    _ filter: ShortURLFilter, for caller: Caller
  ) throws(ManagementFailure) -> ShortURLList {
    do throws(ManagementFailure) {
      return try read("list short URLs", for: caller) { unit throws(TableError) in
        try unit.shortURLs.list(filter)
      }
    } catch {
      // Only a list may be slow by what is asked for: another read is slow when PostgreSQL is.
      guard case .unavailable(let cause) = error, cause.kind == .timeout else { throw error }
      throw .tooSlow(cause)
    }
  }
}
