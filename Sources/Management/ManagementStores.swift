/// What the operations on links work on.
package struct ManagementStores {
  package let creation: LinkCreation
  /// What short URLs begin with.
  package let baseURL: String

  package init(creation: LinkCreation, baseURL: String) {
    self.creation = creation
    self.baseURL = baseURL
  }
}
