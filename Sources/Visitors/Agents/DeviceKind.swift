/// The kind of device that a visitor uses.
///
/// The numbers are stored (`device` of `visits`), and never given to another kind.
package enum DeviceKind: UInt8, CaseIterable, Sendable {
  case unknown = 0
  case desktop = 1
  case mobile = 2
  case tablet = 3
  case television = 4
  case console = 5
}
