/// The devices that a rule can name, in Shlink's words.
package enum RuleDevice: String, CaseIterable, Sendable {
  case android
  case ios
  case mobile
  case windows
  case macos
  case linux
  case chromeos
  case desktop
}
