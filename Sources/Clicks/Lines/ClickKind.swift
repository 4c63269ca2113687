package import Links

/// Whether a click is of a link, or a visit without one.
///
/// The numbers are those of the line's member `kind`, and the scopes of visits without a link.
package enum ClickKind: UInt8, CaseIterable, Sendable {
  case link = 0
  /// A visit to a domain's own page: `/`.
  case baseURL = 2
  /// No link has the visited name, or the link isn't valid now.
  case invalidShortURL = 3
  /// A path that can't be a link's.
  case regular404 = 4

  /// The scope of visits of the kind; nil for those of links, which have scopes of their own.
  package var scope: Scope? { self == .link ? nil : Scope(rawValue: UInt64(rawValue)) }
}
