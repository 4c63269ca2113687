package import Service

/// The stores of the operations on links.
package struct ManagementStores {
  package let creation: LinkCreation
  package let units: Units
  /// The beginning of short URLs.
  package let baseURL: BaseURL

  package init(creation: LinkCreation, units: Units, baseURL: BaseURL) {
    self.creation = creation
    self.units = units
    self.baseURL = baseURL
  }
}
