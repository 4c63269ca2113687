import Access
import Links
import Management

extension ManagementStores {
  /// The first name of an argument that a link has, or had before it was deleted.
  func name(of link: LinkArgument) throws(ManagementFailure) -> ShortURLName {
    let (slugs, domain) = (link.slugs, link.domain)
    let last = ShortURLName(slugs[slugs.count - 1], domain: domain)
    guard let key = last.key(for: .operator, base: baseURL) else { throw .notFound(last) }
    let names = try units.read("look for names", for: .operator) {
      unit throws(TableError) in
      try unit.shortURLs.names(among: slugs, domain: key.domain)
    }
    guard let first = slugs.first(where: { names[$0] != nil }) else { throw .notFound(last) }
    return ShortURLName(first, domain: domain)
  }
}
