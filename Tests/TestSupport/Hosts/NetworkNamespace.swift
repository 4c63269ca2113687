import Foundation
import Glibc

/// A network of a host's own on this machine (a network namespace), with a link to the machine's.
///
/// No name holds it: it goes with the last process in it, and the link goes with it.
package final class NetworkNamespace {
  /// The addresses of the link's ends: the machine's, and that of the host.
  package let outer: String
  package let inner: String
  private let device: String
  private let holder: ChildProcess

  /// Makes it; for root.
  package init() throws {
    // One of the networks of four addresses in the range for benchmarks (RFC 2544).
    let number = UInt16.random(in: 0..<1 << 15)
    let network = "198.\(18 + number >> 14).\(number >> 6 & 255)"
    let first = number & 63 * 4
    outer = "\(network).\(first + 1)"
    inner = "\(network).\(first + 2)"
    device = "swiftlet\(number)"
    holder = try ChildProcess("/usr/bin/unshare", ["--net", "/usr/bin/sleep", "infinity"])
    let (holder, own) = (holder.pid, try Self.namespace(of: getpid()))
    guard try eventually(seconds: 10, { try Self.namespace(of: holder) != own }) else {
      throw Socket.Failure("make a network namespace")
    }
    try Self.ip("link", "add", device, "type", "veth", "peer", "name", "host", "netns", "\(holder)")
    try Self.ip("address", "add", "\(outer)/30", "dev", device)
    try Self.ip("link", "set", device, "up")
    for words in [
      ["address", "add", "\(inner)/30", "dev", "host"], ["link", "set", "host", "up"],
      ["link", "set", "lo", "up"],
    ] {
      let (program, arguments) = entering(Self.program, words)
      try Command.check(program, arguments)
    }
  }

  /// What starts a program within it.
  package func entering(_ program: String, _ arguments: [String]) -> (String, [String]) {
    ("/usr/bin/nsenter", ["--net=/proc/\(holder.pid)/ns/net", program] + arguments)
  }

  /// Cuts the link, or joins it again.
  ///
  /// Nobody is told: what is sent meanwhile is lost.
  package func setLink(up isUp: Bool) throws {
    try Self.ip("link", "set", device, isUp ? "up" : "down")
  }

  private static let program = "/usr/sbin/ip"

  private static func ip(_ words: String...) throws { try Command.check(program, words) }

  private static func namespace(of pid: pid_t) throws -> String {
    try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/ns/net")
  }
}
