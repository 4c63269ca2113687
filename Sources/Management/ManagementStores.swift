package import Service

/// The stores of the operations on links.
package struct ManagementStores {
  package let creation: LinkCreation
  package let units: Units
  /// The beginning of short URLs.
  package let baseURL: BaseURL
  /// From so many visits on, no API key may delete a link; 0: any number.
  package let deletionThreshold: Int
  /// What the worker remembers for robots.txt.
  let crawlable = CrawlableLinks()

  package init(
    creation: LinkCreation, units: Units, baseURL: BaseURL, deletionThreshold: Int = 0
  ) {
    self.deletionThreshold = deletionThreshold
    self.creation = creation
    self.units = units
    self.baseURL = baseURL
  }
}
