import AMQP
import Service

/// Makes the user and the virtual host of RABBITMQ_URL, if RabbitMQ is this machine's.
struct RabbitMQStep: SetupStep {
  let title = "RabbitMQ: the user and the virtual host of RABBITMQ_URL"

  func run(_ host: SetupHost, isDry: Bool) throws -> SetupResult {
    let findings = RabbitMQCheck(host.settings).findings()
    guard let failed = findings.first(where: { $0.state == .failed }) else {
      return .ok(findings.first?.detail ?? "connected")
    }
    let address = try host.settings.rabbitMQ { BrokerAddress(url: $0) }
    guard SetupHost.isHere(address.host) else {
      throw SetupFailure(
        "\(failed.subject): \(failed.detail)",
        advice: [failed.advice, "if there is no such user or virtual host, run there:"].compactMap {
          $0
        }
          + RabbitMQControl.commands(for: address), status: Outcome.unavailable)
    }
    let control = RabbitMQControl(address)
    let lacking: [RabbitMQControl.Lack]
    do throws(ProgramRunError) {
      lacking = try control.lacking()
    } catch {
      throw SetupFailure(
        "\(failed.detail); \(error)",
        do: "start it (systemctl start rabbitmq-server), or correct RABBITMQ_URL",
        status: Outcome.unavailable)
    }
    guard !lacking.isEmpty else { throw refusal(failed, address, control) }
    let names = lacking.map(\.description).joined(separator: ", ")
    if isDry { return .made(names, isDry: true) }
    // librabbitmq would take "guest" for the password.
    let isInvented = lacking.contains(where: \.isUser) && Self.isWithoutPassword(host.settings)
    if isInvented {
      try SettingsFileLine.complete(Setting.rabbitMQURL.name, host) { url in
        let password = SettingsFileLine.randomPassword()
        let start = url.prefix { $0 != "@" }
        return "\(start):\(password)\(url.dropFirst(start.count))"
      }
    }
    let host = try SetupHost()
    try make(lacking, host)
    return .made(
      names, remarks: isInvented ? ["its password is in RABBITMQ_URL of \(host.file) now"] : [])
  }

  private func make(_ lacking: [RabbitMQControl.Lack], _ host: SetupHost) throws {
    let address = try host.settings.rabbitMQ { BrokerAddress(url: $0) }
    let control = RabbitMQControl(address)
    for thing in lacking { try control.make(thing) }
    let findings = RabbitMQCheck(host.settings).findings()
    if let failed = findings.first(where: { $0.state == .failed }) {
      throw refusal(failed, address, control)
    }
  }

  /// Whether the URL names a user without a password.
  private static func isWithoutPassword(_ settings: Settings) -> Bool {
    let authority = settings.rabbitMQURL.dropFirst("amqp://".count).prefix { $0 != "/" }
    guard let at = authority.lastIndex(of: "@") else { return false }
    return !authority[..<at].contains(":")
  }

  /// A login that it refuses although all is there: nothing of it is changed.
  private func refusal(
    _ finding: Finding, _ address: BrokerAddress, _ control: RabbitMQControl
  ) -> SetupFailure {
    guard control.isPasswordWrong() else { return SetupFailure(finding) }
    return SetupFailure(
      "RabbitMQ: \(address.user) has another password than RABBITMQ_URL",
      do: "it was not changed: correct RABBITMQ_URL, or give it that password:",
      "rabbitmqctl change_password \(address.user)", status: Outcome.refused)
  }
}
