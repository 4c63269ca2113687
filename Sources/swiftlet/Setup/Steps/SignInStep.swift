import Service

/// Prints a link that signs a browser in.
struct SignInStep: SetupStep {
  let title = "Dashboard: a link that signs a browser in, once and within 10 minutes"

  func run(_ host: SetupHost, isDry: Bool) throws -> SetupResult {
    guard try host.variables.integer(.dashboard) == 1 else { return .ok("off (DASHBOARD=0)") }
    guard !isDry else { return .made("a link", isDry: true) }
    let run = try host.user().run(["key", "sign-in"], by: host.variables)
    guard run.status == 0 else {
      if Signals.stopRequested { throw Outcome.interrupted }
      // Without a key that may do everything there is nobody to sign in.
      return .ok("none: \(run.reason)")
    }
    return .ok(String(run.output.prefix { $0 != "\n" }))
  }
}
