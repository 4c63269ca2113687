import Clicks
import HTTPTypes
import Web

extension Request {
  /// The flags of the click that this request is; nil for a request that isn't counted.
  ///
  /// nginx says so, by the policies of its site. A site file of a release before says only what is a
  /// prefetch. The fast path has the twin (`lua/fast_path.lua`).
  var clickFlags: ClickFlags? {
    guard method == .get else { return nil }
    guard let first = counting.first else { return isPrefetch ? nil : [] }
    guard counting.count == 1, (0x31...0x39).contains(first) else { return nil }
    return ClickFlags(rawValue: first - 0x30)
  }
}
