import Text

/// A path that has names for some of its segments: `/rest/v3/short-urls/{shortCode}`.
///
/// `/rest/v1` and `/rest/v2` are the same as `/rest/v3`. A template that ends with `{name…}` takes a link's
/// name with what running text adds to it (`CODE/`, `CODE&u=a/b`). What follows a name within its segment is
/// part of the path: `/{shortCode}+`.
package struct PathTemplate: Sendable, Equatable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  enum Segment: Sendable, Equatable {
    case literal([UInt8])
    /// A name, and what follows it.
    case capture(String, suffix: [UInt8])
    /// The rest of the path.
    case link(String)
  }

  let segments: [Segment]

  package init(stringLiteral text: String) {
    segments = text.split(separator: "/").map { segment in
      guard segment.first == "{", let end = segment.firstIndex(of: "}") else {
        return .literal(Array(segment.utf8))
      }
      let name = segment[..<end].dropFirst()
      guard name.last != "…" else { return .link(String(name.dropLast())) }
      return .capture(String(name), suffix: Array(segment[end...].dropFirst().utf8))
    }
  }

  /// As the API's description writes it.
  package var description: String {
    segments.map { segment in
      switch segment {
      case .literal(let bytes): "/" + String(decoding: bytes, as: UTF8.self)
      case .capture(let name, let suffix): "/{\(name)}" + String(decoding: suffix, as: UTF8.self)
      case .link(let name): "/{\(name)}"
      }
    }.joined()
  }

  package var isREST: Bool { segments.first == .literal(Array("rest".utf8)) }

  /// The names of its captured segments, in their order.
  package var names: [String] {
    segments.compactMap { segment in
      switch segment {
      case .literal: nil
      case .capture(let name, _), .link(let name): name
      }
    }
  }

  /// Whether its last name stands for a link's name with what running text adds to it.
  package var endsWithLink: Bool { if case .link = segments.last { true } else { false } }

  /// What the path has in the place of each name, as it was sent.
  ///
  /// - Parameters:
  ///   - path: A path from the request line, unreserved characters decoded.
  ///   - isLink: Whether bytes are a link's name with what running text adds to it.
  ///   - isSlug: Whether bytes with slashes are a slug; nil where no slug has any.
  /// - Returns: Nil when the path is another one.
  package func captures(
    of path: Request.Bytes, isLink: (Request.Bytes) -> Bool,
    isSlug: ((Request.Bytes) -> Bool)? = nil
  ) -> [Request.Bytes]? {
    let further = isSlug == nil ? 0 : further(in: path)
    var captured: [Request.Bytes] = []
    var rest = Slice(base: path, bounds: path.indices)
    for (number, segment) in segments.enumerated() {
      guard rest.popFirst() == UInt8(ascii: "/") else { return nil }
      if case .link = segment {
        let bytes = Request.Bytes(rebasing: rest)
        return isLink(bytes) ? captured + [bytes] : nil
      }
      var bytes = rest.prefix { $0 != UInt8(ascii: "/") }
      if further > 0, case .capture(Self.slug, let suffix) = segment {
        bytes = Self.extended(bytes, by: further, in: rest)
        guard let isSlug, let slug = Self.start(of: bytes, before: suffix), isSlug(slug) else {
          return nil
        }
      }
      rest = rest[bytes.endIndex...]
      switch segment {
      case .literal(let literal):
        let isVersion = number == 1 && isREST && Self.isVersion(literal[...])
        guard bytes.elementsEqual(literal) || isVersion && Self.isVersion(bytes) else { return nil }
      case .capture(_, let suffix):
        guard let start = Self.start(of: bytes, before: suffix), !start.isEmpty else { return nil }
        captured.append(start)
      case .link: break
      }
    }
    return rest.isEmpty ? captured : nil
  }

  /// The name of a segment that stands for a link's slug.
  private static let slug = "shortCode"

  /// How many segments a path has beyond those of the template.
  private func further(in path: Request.Bytes) -> Int {
    max(0, path.count(where: { $0 == UInt8(ascii: "/") }) - segments.count)
  }

  /// A segment with so many of those behind it.
  private static func extended(
    _ segment: Slice<Request.Bytes>, by count: Int, in rest: Slice<Request.Bytes>
  ) -> Slice<Request.Bytes> {
    var end = segment.endIndex
    for _ in 0..<count where end < rest.endIndex {
      end = rest[(end + 1)...].firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
    }
    return rest[segment.startIndex..<end]
  }

  /// A segment without what follows its name, which may be percent-encoded; nil where that is missing.
  private static func start(
    of segment: Slice<Request.Bytes>, before suffix: [UInt8]
  ) -> Request.Bytes? {
    if suffix.isEmpty { return Request.Bytes(rebasing: segment) }
    for count in [suffix.count, 3 * suffix.count]
    where PercentEncoding.decoded(segment.suffix(count)) == suffix {
      return Request.Bytes(rebasing: segment.dropLast(count))
    }
    return nil
  }

  /// `v1` to `v3`.
  private static func isVersion(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.count == 2 && bytes.first == UInt8(ascii: "v")
      && bytes.dropFirst().allSatisfy((UInt8(ascii: "1")...UInt8(ascii: "3")).contains)
  }
}
