package import Web

/// The wrong keys that clients send to one process: each client may send some, and then has to wait.
///
/// It needs no engine. A client is an IPv4 address, or the /64 of an IPv6 one, as in nginx's limits. There is
/// room for a number of clients. While all of it is taken, the others are one client together.
package struct WrongKeys: Sendable {
  private let limit: Int
  private let clients: Int
  /// When each client has its whole allowance again.
  private var ends: [ClientAddress: Int64] = [:]
  private var sweepAt: Int64 = 0

  private static let minute: Int64 = 60_000
  private static let sweepMilliseconds: Int64 = 1000

  /// - Parameters:
  ///   - limit: Wrong keys of one client in a minute, and at once; 0 for any number.
  ///   - clients: How many clients are told apart.
  package init(limit: Int, clients: Int = 4096) {
    self.limit = limit
    self.clients = clients
  }

  /// For how many seconds a client has to wait; nil for one that may send another key.
  package mutating func wait(of address: Request.Bytes, at now: Int64) -> Int? {
    guard limit > 0 else { return nil }
    let client = known(ClientAddress(address), at: now)
    let late = (ends[client] ?? now) - now - (Self.minute - interval)
    return late > 0 ? max(1, Int((late + 999) / 1000)) : nil
  }

  /// Counts a wrong key.
  package mutating func note(_ address: Request.Bytes, at now: Int64) {
    guard limit > 0 else { return }
    let client = known(ClientAddress(address), at: now)
    ends[client] = max(ends[client] ?? now, now) + interval
  }

  /// Milliseconds until a client may send one more.
  private var interval: Int64 { max(1, Self.minute / Int64(limit)) }

  /// The client by whom an address is counted.
  private mutating func known(_ client: ClientAddress, at now: Int64) -> ClientAddress {
    guard ends[client] == nil, ends.count >= clients else { return client }
    if now >= sweepAt {
      sweepAt = now + Self.sweepMilliseconds
      ends = ends.filter { now < $0.value }
    }
    return ends.count < clients ? client : .others
  }
}
