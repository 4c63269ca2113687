package import Places
package import Service

/// The stores of the operations on links.
package struct ManagementStores {
  package let creation: LinkCreation
  package let units: Units
  /// Where visitors are, for tests of rules.
  package let places: PlaceFinder
  /// The beginning of short URLs.
  package let baseURL: BaseURL
  /// From so many visits on, no API key may delete a link; 0: any number.
  package let deletionThreshold: Int
  /// The domains that no new URL may lead to; nil where nobody looks at them.
  let ownDomains: OwnDomains?
  /// What the installation is like, but for what changes.
  private let facts: Instance
  /// Whether links may have previews.
  let hasPreviews: Bool
  /// What the worker remembers for robots.txt.
  let crawlable = CrawlableLinks()

  package init(
    creation: LinkCreation, units: Units, places: PlaceFinder, baseURL: BaseURL,
    deletionThreshold: Int = 0, hasPreviews: Bool = true, ownDomains: OwnDomains? = nil,
    instance: Instance = Instance()
  ) {
    facts = instance
    self.ownDomains = ownDomains
    self.hasPreviews = hasPreviews
    self.places = places
    self.deletionThreshold = deletionThreshold
    self.creation = creation
    self.units = units
    self.baseURL = baseURL
  }

  /// What the installation is like now.
  func instance() -> Instance {
    var instance = facts
    instance.geolocation = places.state()
    instance.time = SystemClock.milliseconds()
    return instance
  }
}
