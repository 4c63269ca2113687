import Curl
import Destinations
import Links

/// Reads the titles of pages that links lead to.
///
/// The pages are strangers' and may be hostile. Each redirect is a new request to a URL that a link could
/// lead to. Each address is looked at before it is connected to. Time, bytes and redirects are bounded.
struct TitleReader: Sendable {
  /// How many pages are read at a time.
  static let pages = 16
  /// For one request, in milliseconds.
  private static let timeout = 5000
  private static let pageLimit = 512 << 10
  private static let redirects = 5
  private static let mediaTypes = ["text/html", "application/xhtml+xml"]

  private let ownHosts: OwnHosts
  private let addresses: OutgoingAddresses
  /// The `User-Agent` of each request.
  private let agent: String

  init(_ ownHosts: OwnHosts, _ addresses: OutgoingAddresses, agent: String) {
    self.ownHosts = ownHosts
    self.addresses = addresses
    self.agent = agent
  }

  /// The titles of pages, in the order of their URLs; nil where there is none.
  func titles(of urls: [String]) -> [String?] {
    var titles = [String?](repeating: nil, count: urls.count)
    var next = Array(urls.enumerated())
    for _ in 0...Self.redirects {
      let requests = next.compactMap { place, url in request(url).map { (place, $0) } }
      guard !requests.isEmpty else { break }
      next = []
      for ((place, _), result) in zip(requests, TransferGroup.perform(requests.map(\.1))) {
        guard case .success(let answer) = result else { continue }
        if let redirect = answer.redirect {
          next.append((place, redirect))
        } else if answer.status == 200, isPage(answer) {
          titles[place] = PageTitle.find(in: answer.body, contentType: answer.contentType)
        }
      }
    }
    return titles
  }

  /// Nil for a URL that no link of a stranger may lead to.
  private func request(_ url: String) -> Transfer? {
    guard let destination = try? DestinationURL(url, ownHosts: ownHosts) else { return nil }
    var transfer = Transfer(
      .get, destination.description, timeout: Self.timeout, answerLimit: Self.pageLimit)
    transfer.fields = ["User-Agent: " + agent, "Accept: text/html"]
    let addresses = addresses
    transfer.caution = Transfer.Caution(mediaTypes: Self.mediaTypes) { addresses.admit($0) }
    return transfer
  }

  private func isPage(_ answer: Answer) -> Bool {
    let type = answer.contentType?.prefix { $0 != ";" && $0 != " " }.lowercased()
    return type.map(Self.mediaTypes.contains) ?? false
  }
}
