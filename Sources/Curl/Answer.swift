/// A server's answer: a successful transfer, with any status.
package struct Answer: Equatable, Sendable {
  /// The status of HTTP; 0 for a transfer that only connects.
  package let status: Int
  package let body: [UInt8]
}
