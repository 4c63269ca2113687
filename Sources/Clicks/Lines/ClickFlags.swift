/// How a visitor came, and how it wants to be counted; the bits of the column `flags`.
package struct ClickFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// What most clicks have.
  ///
  /// An empty literal would be made by the standard library's generic code, at the cost of 940
  /// instructions.
  package static var none: ClickFlags { ClickFlags(rawValue: 0) }
  /// A browser fetched it for a visit that may follow.
  package static let prefetch = ClickFlags(rawValue: 1)
  /// Counted without address, referrer, language and user agent.
  ///
  /// A line has the user agent all the same: the consumer only asks whether it is a bot's.
  package static let anonymous = ClickFlags(rawValue: 2)
  /// A QR code led here (`?qr=1`).
  package static let qrCode = ClickFlags(rawValue: 4)
  /// It came by the tracking pixel (`/CODE/track`), and was sent nowhere.
  package static let pixel = ClickFlags(rawValue: 8)
}
