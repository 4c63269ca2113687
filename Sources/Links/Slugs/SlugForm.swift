/// How many segments of a path the slugs of new links may have, and those that are looked up.
package enum SlugForm: Equatable, Sendable {
  case oneSegment
  /// Any number (MULTI_SEGMENT_SLUGS).
  case segments
}
