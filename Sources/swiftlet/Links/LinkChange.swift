import API
import Access
import JSON
import Links
import Management
import Service

/// What a command does to each of its links, by an operation of the API.
enum LinkChange {
  case edit(ShortURLEdition, by: EditShortURL)
  case delete
  case restore

  func make(
    of name: ShortURLName, in stores: ManagementStores
  ) throws(ManagementFailure) -> ChangedLink {
    switch self {
    case .edit(let edition, let operation):
      return .edited(try operation.perform(.init(name, edition), for: .operator, in: stores))
    case .delete:
      _ = try DeleteShortURL().perform(name, for: .operator, in: stores)
      let domain = name.key(for: .operator, base: stores.baseURL)?.domain ?? ""
      return .deleted(
        name.slug, url: "\(stores.baseURL.beginning(ofLinksIn: domain))/\(name.slug)")
    case .restore:
      return .edited(try RestoreShortURL().perform(name, for: .operator, in: stores))
    }
  }
}

/// A link that was changed, as a command tells of it.
enum ChangedLink {
  case edited(ShortURL)
  case deleted(Slug, url: String)

  var line: String {
    switch self {
    case .edited(let link):
      (link.isEnabled ? "enabled  " : "disabled  ") + link.shortURL.printable + "  "
        + link.longURL.printable
    case .deleted(_, let url): "deleted  " + url
    }
  }

  func write(to json: inout JSONWriter) {
    switch self {
    case .edited(let link): link.write(to: &json)
    case .deleted(let slug, let url):
      json.beginObject()
      json.key("shortCode")
      json.string(slug.description)
      json.key("shortUrl")
      json.string(url)
      json.endObject()
    }
  }
}
