package import Web

/// Finds out on whose behalf a request is made.
///
/// No API keys are issued yet: whatever needs more than `Permission.open` is for the command line.
package struct Authenticator: Sendable {
  package init() {}

  /// The caller of a request, who may do what is asked.
  ///
  /// - Throws: `AccessFailure` when the caller may not, or is unknown.
  package func caller(
    of request: Request, for permission: Permission
  ) throws(AccessFailure) -> Caller {
    let caller = Caller.anyone
    if caller.may(permission) { return caller }
    throw request.apiKey == nil && request.authorization == nil ? .noKey : .invalidKey
  }
}
