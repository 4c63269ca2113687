/// What a server answered: a transfer that ended well, whatever its status.
package struct Answer: Equatable, Sendable {
  /// The status of HTTP; 0 for a transfer that only connects.
  package let status: Int
  package let body: [UInt8]
}
