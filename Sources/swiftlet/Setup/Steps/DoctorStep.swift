import Service

/// Lets `swiftlet doctor` look at everything, once the programs have had time to start.
struct DoctorStep: SetupStep {
  let title = "Doctor: everything, as a visitor meets it"
  private static let patienceMilliseconds: Int64 = 60_000

  func run(_ host: SetupHost, isDry: Bool) throws -> SetupResult {
    guard !isDry else { return .ok("swiftlet doctor would look at everything") }
    let user = try host.user()
    var result = try user.run(["doctor"], by: host.variables)
    let end = SystemClock.bootMilliseconds() + Self.patienceMilliseconds
    while result.status != 0, !Signals.stopRequested, SystemClock.bootMilliseconds() < end {
      Pause.milliseconds(1000)
      result = try user.run(["doctor"], by: host.variables)
    }
    let lines = result.output.split(separator: "\n").map(String.init)
      .filter { !$0.hasPrefix("ok ") }
    guard result.status == 0 else {
      throw SetupFailure(
        (["swiftlet doctor isn't content"] + lines).joined(separator: "\n    "),
        do: "what the findings say", status: Outcome.notFound)
    }
    return .ok("swiftlet doctor finds all well", remarks: lines)
  }
}
