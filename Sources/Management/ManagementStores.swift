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
  /// What the worker remembers for robots.txt.
  let crawlable = CrawlableLinks()

  package init(
    creation: LinkCreation, units: Units, places: PlaceFinder, baseURL: BaseURL,
    deletionThreshold: Int = 0
  ) {
    self.places = places
    self.deletionThreshold = deletionThreshold
    self.creation = creation
    self.units = units
    self.baseURL = baseURL
  }
}
