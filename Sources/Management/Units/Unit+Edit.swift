import API
package import Links

extension Unit {
  /// Edits a link and its tags.
  ///
  /// - Returns: The changed link; nil when there is none, or a deleted one.
  package mutating func edit(
    _ key: LinkKey, _ edition: ShortURLEdition
  ) throws(TableError) -> ShortURL? {
    guard var edited = try shortURLs.edit(key, edition) else { return nil }
    if let names = edition.tags {
      try tags.set(names, of: edited.id)
      edited.tags = names.map(\.description)
    }
    return edited
  }
}
