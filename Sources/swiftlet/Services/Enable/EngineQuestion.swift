import Service

/// Whether the engines answer the programs' user.
///
/// root is another user to them: PostgreSQL may know it under another name, or not at all.
struct EngineQuestion {
  let user: HostUser
  let variables: Variables

  /// - Throws: `ServiceError` with what an engine says.
  func ask() throws {
    let run = try user.run(["migrate", "status"], by: variables)
    guard run.status != 0 else { return }
    throw ServiceError("not enabled: \(run.reason)", .unavailable)
  }
}
