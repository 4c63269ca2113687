package import API
package import Access
package import Links
package import Metrics
import Service
package import Web

/// `GET /{shortCode}+`: where a link leads, and when it was made.
///
/// Nothing is followed or counted.
package struct GetPreview: Operation {
  package typealias Output = PreviewAnswer
  package typealias Failure = PreviewFailure
  package typealias Stores = ManagementStores

  package struct Input: Sendable {
    package let slug: Slug
    /// The host that was asked, if it isn't the default one's; else empty.
    package let host: String
    package let isPage: Bool
  }

  package static let route = Route.get("/{shortCode}+")
  package static let permission = Permission.open
  package static let topic = Topic.links
  package static let summary = "See where a short URL leads, without following it"
  package static let details = """
    The link is the one to which this host redirects: of its own domain, or else of the default one. Only a link \
    that leads somewhere now has a preview. One with `maxVisits` has none, nor has one whose `preview` is false. \
    The server may have none at all (PREVIEW).
    """
  package static let problems = [ProblemType.shortURLNotFound]
  package static let endpoint = Endpoint.shortURLs

  package init() {}

  package func input(from reader: inout InputReader) -> Input {
    Input(
      slug: reader.segment("shortCode", .slug, "The link's name."), host: reader.host,
      isPage: reader.prefersPage)
  }

  package func perform(
    _ input: Input, for caller: Caller, in stores: ManagementStores
  ) throws(PreviewFailure) -> PreviewAnswer {
    guard stores.hasPreviews else { throw .unknownCode }
    let link: ShortURL?
    do throws(ManagementFailure) {
      link = try stores.visited(input.slug, on: input.host)
    } catch {
      throw .stores(error)
    }
    guard let link, link.isPreviewable(at: SystemClock.milliseconds()) else { throw .unknownCode }
    return PreviewAnswer(LinkPreview(link), isPage: input.isPage)
  }
}

extension ShortURL {
  /// Whether anybody may see where it leads.
  ///
  /// It leads somewhere now, and as often as one likes.
  ///
  /// - Parameter now: Milliseconds since 1970.
  /// - Returns: Whether it has a preview.
  func isPreviewable(at now: Int64) -> Bool {
    hasPreview && isEnabled && meta.maxVisits == nil && now >= meta.validSince ?? now
      && now < meta.validUntil ?? .max
  }
}
