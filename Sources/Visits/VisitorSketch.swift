/// The precision of the count of visitors: ClickHouse's `uniq`, a sketch of the addresses.
///
/// It keeps a 32-bit hash of each address, all of them up to 65 536. Beyond that it keeps every
/// second, fourth, … of the hashes, never fewer than 32 768, and extrapolates from these. So there
/// are three ranges, the same on 18.16 and on a current server:
///
/// * With few addresses, two rarely share a hash: of *n* addresses *n*²/2³³ do, which is 0.0005 of
///   2 048.
/// * While all hashes are kept, only collisions are missing. At 65 536 addresses 0.5 are expected,
///   and more than four in one case of 5 000.
/// * From a sample the count has a standard error of at most √(1/32 768) = 0.55 %. So 2 % is more
///   than three and a half standard errors.
package enum VisitorSketch {
  static let exactLimit = 2048
  /// It is below 65 536, since a count from a sample may also come out smaller.
  static let completeLimit = 64_000
  static let sharedHashes = 4

  /// The error of a count: 999 of 1 000 counts are within it.
  ///
  /// - Parameter visitors: The count.
  /// - Returns: A number of visitors, 0 where the count is exact.
  package static func error(of visitors: Int) -> Int {
    switch visitors {
    case ...exactLimit: 0
    case ...completeLimit: sharedHashes
    default: visitors / 50
    }
  }
}
