/// Writes successive times with milliseconds as `RFC3339` does, and formats the date once a second.
///
/// Every redirect uses it: most of them fall into the same second as the one before.
package struct TimeWriter: Sendable {
  /// The last written time, as three words of eight bytes.
  private var text: (UInt64, UInt64, UInt64) = (0, 0, 0)
  /// The second of that time; -1 before the first.
  private var second: Int64 = -1

  package init() {}

  /// Writes a time in UTC, clamped to the years 1970…9999.
  ///
  /// - Parameters:
  ///   - milliseconds: Since 1970-01-01T00:00:00Z.
  ///   - out: Room for `RFC3339.length` bytes.
  package mutating func write(_ milliseconds: Int64, to out: UnsafeMutablePointer<UInt8>) {
    let time = min(max(milliseconds, 0), RFC3339.latest)
    let raw = UnsafeMutableRawPointer(out)
    guard time / 1000 == second else {
      second = time / 1000
      RFC3339.write(time, to: out, withMilliseconds: true)
      text = (
        raw.loadUnaligned(as: UInt64.self), raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
        raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
      )
      return
    }
    raw.storeBytes(of: text.0, as: UInt64.self)
    raw.storeBytes(of: text.1, toByteOffset: 8, as: UInt64.self)
    raw.storeBytes(of: text.2, toByteOffset: 16, as: UInt64.self)
    let rest = UInt64(time % 1000)
    out[20] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / 100)
    out[21] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / 10 % 10)
    out[22] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
  }
}
