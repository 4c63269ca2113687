/// The system that a visitor's browser runs on.
///
/// The numbers are stored (`os` of `visits`), and never given to another system.
package enum OperatingSystem: UInt8, CaseIterable, Sendable {
  case unknown = 0
  case windows = 1
  /// An iPad whose browser says that it is a Macintosh counts here, too.
  case macOS = 2
  case iOS = 3
  case android = 4
  case linux = 5
  case chromeOS = 6
  case windowsPhone = 7
  case tizen = 8
  case webOS = 9
  case kaiOS = 10
  case harmonyOS = 11
  case playStation = 12
  case nintendo = 13
  case xbox = 14
  case bsd = 15
}
