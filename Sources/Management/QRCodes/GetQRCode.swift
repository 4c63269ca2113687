package import API
package import Access
package import Metrics
import QRCode
package import Web

/// `GET /{shortCode}/qr-code`: a short URL as a QR code.
///
/// A disabled link has one, too: what is printed may be enabled again.
package struct GetQRCode: Operation {
  package typealias Output = QRCodeImage
  package typealias Failure = QRCodeFailure
  package typealias Stores = ManagementStores

  package struct Input: Sendable {
    package let name: ShortURLName
    /// The host that was asked, if it isn't the default one's; else empty.
    package let host: String
    package let style: QRCodeStyle
  }

  package static let route = Route.get("/{shortCode}/qr-code")
  package static let permission = Permission.open
  package static let topic = Topic.links
  package static let summary = "Get the QR code of a short URL"
  package static let details = """
    Without `domain`, the link is the one to which this host redirects: of its own domain, or else of the \
    default one. The code has the short URL of the link's domain. There is one for each link that isn't \
    deleted. It never changes, so caches may keep it for a day.
    """
  package static let problems = [ProblemType.shortURLNotFound]
  package static let endpoint = Endpoint.shortURLs

  package init() {}

  package func input(from reader: inout InputReader) -> Input {
    Input(
      name: ShortURLName(from: &reader), host: reader.host, style: QRCodeStyle(from: &reader))
  }

  package func perform(
    _ input: Input, for caller: Caller, in stores: ManagementStores
  ) throws(QRCodeFailure) -> QRCodeImage {
    let found: ShortURL?
    do throws(ManagementFailure) {
      found = try stores.visited(input.name.slug, on: input.host, named: input.name.domain)
    } catch {
      throw .stores(error)
    }
    guard let link = found else { throw .unknownCode }
    do throws(QRCodeError) {
      return try QRCodeImage(of: link.shortURL, input.style)
    } catch {
      throw .image(error)
    }
  }
}
