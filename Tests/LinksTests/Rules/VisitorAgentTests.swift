import Links
import Visitors
import XCTest

final class VisitorAgentTests: XCTestCase {
  private func devices(_ agent: Agent) -> [RuleDevice] {
    let devices = VisitorAgent(agent).devices
    return RuleDevice.allCases.filter { devices.contains($0) }
  }

  func testAPhoneIsMobileAndAComputerADesktop() {
    let cases: [(OperatingSystem, [RuleDevice])] = [
      (.android, [.android, .mobile]), (.iOS, [.ios, .mobile]), (.windows, [.windows, .desktop]),
      (.macOS, [.macos, .desktop]), (.linux, [.linux, .desktop]),
      (.chromeOS, [.chromeos, .desktop]), (.windowsPhone, [.mobile]), (.unknown, []), (.xbox, []),
    ]
    for (system, expected) in cases {
      XCTAssertEqual(
        Set(devices(Agent(bot: .person, system: system))), Set(expected), "\(system)")
    }
    XCTAssertEqual(devices(Agent(bot: .person, device: .mobile)), [.mobile])
  }

  func testABrowserInsideAnotherAppIsNoneThatARuleNames() {
    let named = Browser.allCases.filter {
      VisitorAgent(Agent(bot: .person, browser: $0)).browser != nil
    }
    XCTAssertEqual(named, [.chrome, .safari, .firefox, .edge, .opera, .android])
  }
}
