import Destinations
import JSON
import Links
import Web

/// The body of `POST /shorten`: `{"original_url": "https://…"}`, nothing else.
struct ShortenRequest: Equatable {
  let destination: DestinationURL

  init(_ request: Request, ownHosts: OwnHosts) throws(ManagementFailure) {
    guard let body = request.body else { throw .bodyTooLarge }
    guard request.isJSON else { throw .unsupportedMediaType }
    guard request.isUncoded else { throw .unsupportedContentCoding }
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: Self.withoutByteOrderMark(body))
    } catch {
      throw .invalidJSON(error)
    }
    guard let object = value.object else {
      throw .invalidMember("The body must be an object, not \(value.kind).")
    }
    guard let url = object["original_url"] else {
      throw .invalidMember("The member original_url is missing.")
    }
    guard object.members.count == 1 else {
      throw .invalidMember("original_url is the only member that the body may have.")
    }
    guard let text = url.string else {
      throw .invalidMember("original_url must be a string, not \(url.kind).")
    }
    do throws(DestinationURLError) {
      destination = try DestinationURL(text, ownHosts: ownHosts)
    } catch {
      throw .invalidURL(error)
    }
  }

  /// A reader may ignore a byte order mark (RFC 8259, section 8.1), which some programs put there.
  private static func withoutByteOrderMark(_ body: [UInt8]) -> [UInt8] {
    body.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(body.dropFirst(3)) : body
  }
}
