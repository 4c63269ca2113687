package import Foundation
import Glibc

/// A small geolocation database in MaxMind's format: a tree of IPv6 with records of 24 bits, IPv4 at ::/96.
package struct GeoDatabaseFile {
  package let bytes: [UInt8]

  /// - Parameters:
  ///   - places: The country and the city of each network, such as `2001:db8::/32`; none has another's.
  ///   - type: What it calls itself.
  /// - Throws: For what is no network.
  package init(
    _ places: [(network: String, country: String?, city: String?)], type: String = "Test-City"
  ) throws {
    var tree = Tree()
    var data: [UInt8] = []
    for place in places {
      try tree.insert(place.network, data.count)
      data += Self.map([
        ("country", place.country.map { Self.map([("iso_code", Self.text($0))]) }),
        ("city", place.city.map { Self.map([("names", Self.map([("en", Self.text($0))]))]) }),
      ])
    }
    let metadata = Self.map([
      ("binary_format_major_version", Self.number(5, 2)),
      ("binary_format_minor_version", Self.number(5, 0)),
      ("build_epoch", Self.number(9, 1_790_000_000)),
      ("database_type", Self.text(type)), ("description", Self.map([("en", Self.text("a test"))])),
      ("ip_version", Self.number(5, 6)), ("languages", Self.list([Self.text("en")])),
      ("node_count", Self.number(6, tree.nodes.count)), ("record_size", Self.number(5, 24)),
    ])
    bytes =
      tree.bytes + [UInt8](repeating: 0, count: 16) + data + [0xAB, 0xCD, 0xEF]
      + Array("MaxMind.com".utf8) + metadata
  }

  /// Puts it in the place of the file at a path, as operators should.
  package func replace(_ path: URL) throws { try Data(bytes).write(to: path, options: .atomic) }

  // MARK: - Data

  private static func map(_ members: [(String, [UInt8]?)]) -> [UInt8] {
    let present = members.compactMap { name, value in value.map { text(name) + $0 } }
    return [0xE0 | UInt8(present.count)] + present.joined()
  }

  private static func list(_ elements: [[UInt8]]) -> [UInt8] {
    [UInt8(elements.count), 4] + elements.joined()
  }

  private static func text(_ text: String) -> [UInt8] {
    let count = text.utf8.count
    // A length from 29 on has a byte of its own, one from 285 on two.
    let head: [UInt8] =
      count < 29
      ? [0x40 | UInt8(count)]
      : count < 285
        ? [0x5D, UInt8(count - 29)]
        : [0x5E, UInt8((count - 285) >> 8), UInt8(truncatingIfNeeded: count - 285)]
    return head + text.utf8
  }

  /// A number of the type 5, 6 or 9: 16, 32 or 64 bits.
  private static func number(_ type: UInt8, _ value: Int) -> [UInt8] {
    let bytes = withUnsafeBytes(of: value.bigEndian) { Array($0.drop { $0 == 0 }) }
    let count = UInt8(bytes.count)
    return (type < 8 ? [type << 5 | count] : [count, type - 7]) + bytes
  }
}

/// The search tree: a bit of the address in each node.
private struct Tree {
  enum Record {
    case empty
    case node(Int)
    case data(Int)
  }

  private(set) var nodes: [[Record]] = [[.empty, .empty]]

  mutating func insert(_ network: String, _ offset: Int) throws {
    let parts = network.split(separator: "/")
    let isIPv4 = !parts[0].contains(":")
    // An address of IPv4 stands at ::/96.
    let text = (isIPv4 ? "::" : "") + parts[0]
    var address = [UInt8](repeating: 0, count: 16)
    guard inet_pton(AF_INET6, text, &address) == 1, let length = Int(parts[1]) else {
      throw CocoaError(.formatting)
    }
    let end = length + (isIPv4 ? 96 : 0)
    var node = 0
    for depth in 0..<end {
      let bit = Int(address[depth / 8] >> (7 - depth % 8) & 1)
      guard depth + 1 < end else {
        nodes[node][bit] = .data(offset)
        return
      }
      if case .node(let next) = nodes[node][bit] {
        node = next
      } else {
        nodes.append([.empty, .empty])
        nodes[node][bit] = .node(nodes.count - 1)
        node = nodes.count - 1
      }
    }
  }

  var bytes: [UInt8] {
    nodes.joined().flatMap { record -> [UInt8] in
      let number =
        switch record {
        case .empty: nodes.count
        case .node(let number): number
        case .data(let offset): nodes.count + 16 + offset
        }
      return [UInt8(number >> 16), UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)]
    }
  }
}
