import Text

/// A visitor's query added to a link's destination, as Shlink does it.
///
/// Of a parameter that both have, the visitor's value is used, in the destination's place. Names are
/// compared decoded. All else stays as written, but for bytes of the visitor's that a URL can't have:
/// they are percent-encoded.
extension DestinationURL {
  package typealias Bytes = UnsafeBufferPointer<UInt8>

  /// How many parameters of the visitor's are added.
  package static let maximumForwarded = 100

  /// The URL for a visitor with this query.
  ///
  /// - Returns: The URL as it is when the query adds nothing, has too many parameters, or would make
  ///   the URL too long.
  package func forwarding(_ query: Bytes) -> DestinationURL {
    let visitors = query.split(separator: UInt8(ascii: "&"), maxSplits: Self.maximumForwarded)
    guard !visitors.isEmpty, visitors.count <= Self.maximumForwarded else { return self }
    let own = Parts(description)
    var added = visitors.map { (name: Self.name($0), pair: Self.encoded($0), isPlaced: false) }
    var places = Dictionary(grouping: added.indices) { added[$0].name }
    var pairs: [[UInt8]] = []
    for pair in own.query.split(separator: UInt8(ascii: "&")) {
      let name = Self.name(pair)
      guard let known = places[name] else {
        pairs.append(Array(pair))
        continue
      }
      for place in known {
        added[place].isPlaced = true
        pairs.append(added[place].pair)
      }
      // They take the place of the first one; the others are left out.
      places[name] = []
    }
    pairs += added.filter { !$0.isPlaced }.map(\.pair)
    let url =
      own.start + [UInt8(ascii: "?")] + pairs.joined(separator: [UInt8(ascii: "&")])
      + own.fragment
    guard url.count <= Self.maximumLength else { return self }
    return DestinationURL(unchecked: String(decoding: url, as: UTF8.self))
  }

  /// A URL cut at its query and its fragment.
  private struct Parts {
    let start: [UInt8]
    /// Without the question mark.
    let query: ArraySlice<UInt8>
    /// With its number sign.
    let fragment: ArraySlice<UInt8>

    init(_ url: String) {
      let bytes = Array(url.utf8)
      let end = bytes.firstIndex(of: UInt8(ascii: "#")) ?? bytes.endIndex
      let mark = bytes[..<end].firstIndex(of: UInt8(ascii: "?")) ?? end
      start = Array(bytes[..<mark])
      query = bytes[mark..<end].dropFirst()
      fragment = bytes[end...]
    }
  }

  private static func name(_ pair: some Collection<UInt8>) -> [UInt8] {
    PercentEncoding.decoded(pair.prefix { $0 != UInt8(ascii: "=") }, plusIsBlank: true)
  }

  private static func encoded(_ pair: some Collection<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(pair.count)
    for byte in pair {
      if (0x21...0x7E).contains(byte), !"\"#<>\\^`{|}".utf8.contains(byte) {
        text.append(byte)
      } else {
        PercentEncoding.append(byte, to: &text)
      }
    }
    return text
  }
}
