package import Visitors

extension VisitorAgent {
  /// Reads the header `User-Agent`; no rule asks for bots.
  package init(userAgent: UnsafeBufferPointer<UInt8>) {
    self.init(AgentTable.withoutBots.agent(userAgent))
  }

  /// A user agent in the words of rules.
  package init(_ agent: Agent) {
    self.init(devices: Self.devices(of: agent), browser: Self.browser(of: agent))
  }

  private static func devices(of agent: Agent) -> Devices {
    switch agent.system {
    case .android: Devices(.android, .mobile)
    case .iOS: Devices(.ios, .mobile)
    case .windows: Devices(.windows, .desktop)
    case .macOS: Devices(.macos, .desktop)
    case .linux: Devices(.linux, .desktop)
    case .chromeOS: Devices(.chromeos, .desktop)
    case .bsd: Devices(.desktop)
    case .windowsPhone, .kaiOS: Devices(.mobile)
    case .tizen, .webOS, .harmonyOS, .unknown:
      agent.device == .mobile ? Devices(.mobile) : Devices()
    case .playStation, .nintendo, .xbox: Devices()
    }
  }

  private static func browser(of agent: Agent) -> RuleBrowser? {
    switch agent.browser {
    case .chrome: .chrome
    case .firefox: .firefox
    case .edge: .edge
    case .safari: .safari
    case .opera: .opera
    case .android: .androidBrowser
    default: nil
    }
  }
}
