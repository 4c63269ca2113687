import JSON
import Links
import Web

/// The body of `POST /shorten`: `{"original_url": "https://…"}`, nothing else.
struct ShortenRequest: Equatable {
  let destination: DestinationURL

  init(_ request: Request, ownHosts: [String]) throws(Failure) {
    guard let body = request.body else { throw .bodyTooLarge }
    guard request.isJSON else { throw .unsupportedMediaType }
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: body)
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
}
