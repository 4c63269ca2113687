package import API
package import Access
package import Destinations
import Links
package import Metrics
package import Web

/// `PATCH /rest/v3/short-urls/{shortCode}`: changes some fields of a link.
package struct EditShortURL: Operation {
  package typealias Stores = ManagementStores
  package typealias Output = ShortURL
  package typealias Failure = ManagementFailure

  package struct Input: Sendable {
    package let name: ShortURLName
    package let edition: ShortURLEdition
    /// The state that the link must have; nil for any.
    let revision: String?

    package init(_ name: ShortURLName, _ edition: ShortURLEdition, revision: String? = nil) {
      self.name = name
      self.edition = edition
      self.revision = revision
    }
  }

  package static let route = Route.patch("/rest/v3/short-urls/{shortCode}")
  package static let permission = Permission.edit(.shortURLs)
  package static let topic = Topic.shortURLs
  package static let summary = "Edit a short URL"
  package static let details = """
    Fields that are absent stay as they are. All hosts follow within a second, also when nothing changes. With \
    `revision` nothing is changed where the link isn't as it was then.
    """
  package static let body = BodyForm.lenient
  package static let problems: [ProblemType] = [.Shlink.shortURLNotFound, .revisionConflict]
  package static let endpoint = Endpoint.shortURLs

  private let ownHosts: OwnHosts

  static let revisionSummary =
    "The `revision` of the link that is to be changed; null for any."

  package init(_ ownHosts: OwnHosts) {
    self.ownHosts = ownHosts
  }

  package func input(from reader: inout InputReader) -> Input {
    Input(
      ShortURLName(from: &reader), ShortURLEdition(from: &reader, ownHosts),
      revision: reader.optional(
        "revision", .revision, Self.revisionSummary))
  }

  package func perform(
    _ input: Input, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> ShortURL {
    guard let key = input.name.key(for: caller, base: stores.baseURL) else {
      throw .notFound(input.name)
    }
    if case .set(let url) = input.edition.longURL {
      try caller.refuse(url, as: "longUrl")
      try stores.refuse(leadingBack: [("longUrl", url)], from: key.domain)
    }
    let edited = try stores.units.perform("edit a short URL", for: caller) {
      unit throws(TableError) -> Result<ShortURL, ManagementFailure> in
      if let conflict = try unit.shortURLs.conflict(of: key, with: input.revision) {
        return .failure(conflict)
      }
      if input.edition.setsOneEnd, let validity = try unit.shortURLs.validity(of: key),
        let complaint = input.edition.complaint(beside: validity)
      {
        return .failure(.invalid(.invalid([complaint])))
      }
      if let edited = try unit.edit(key, input.edition) { return .success(edited) }
      let isDeleted = try unit.shortURLs.names(among: [key.slug], domain: key.domain)[key.slug]
      return .failure(isDeleted == true ? .deleted(input.name) : .notFound(input.name))
    }
    return try edited.get()
  }
}
