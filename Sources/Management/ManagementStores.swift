package import Service

/// What the operations on links work on.
package struct ManagementStores {
  package let creation: LinkCreation
  package let units: Units
  /// What short URLs begin with.
  package let baseURL: BaseURL

  package init(creation: LinkCreation, units: Units, baseURL: BaseURL) {
    self.creation = creation
    self.units = units
    self.baseURL = baseURL
  }
}
