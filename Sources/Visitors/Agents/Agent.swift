/// What a user agent says of its visitor.
package struct Agent: Equatable, Sendable {
  package let bot: BotClass
  package let device: DeviceKind
  package let system: OperatingSystem
  package let browser: Browser
  /// The browser's major version; 0 for an unknown one.
  package let browserMajor: UInt16

  package init(
    bot: BotClass, device: DeviceKind = .unknown, system: OperatingSystem = .unknown,
    browser: Browser = .unknown, browserMajor: UInt16 = 0
  ) {
    self.bot = bot
    self.device = device
    self.system = system
    self.browser = browser
    self.browserMajor = browserMajor
  }

  package var isBot: Bool { bot != .person }
}
