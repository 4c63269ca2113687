/// A user agent as rules see it.
package struct VisitorAgent: Equatable, Sendable {
  package let devices: Devices
  /// Nil for a browser that no rule can name.
  package let browser: RuleBrowser?

  package init(devices: Devices, browser: RuleBrowser?) {
    self.devices = devices
    self.browser = browser
  }

  /// A set of `RuleDevice`: a phone is `android` or `ios`, and also `mobile`.
  package struct Devices: Equatable, Sendable {
    private var bits: UInt8 = 0

    package init(_ devices: RuleDevice...) {
      for device in devices { bits |= device.bit }
    }

    package func contains(_ device: RuleDevice) -> Bool { bits & device.bit != 0 }
  }
}

extension RuleDevice {
  fileprivate var bit: UInt8 {
    switch self {
    case .android: 1
    case .ios: 2
    case .mobile: 4
    case .windows: 8
    case .macos: 16
    case .linux: 32
    case .chromeos: 64
    case .desktop: 128
    }
  }
}
