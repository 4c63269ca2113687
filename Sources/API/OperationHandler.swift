package import Access
import HTTPTypes
import JSON
import Text
package import Web

/// Answers requests by an operation: who asks, what they may, what they want, and then it is done.
package struct OperationHandler<Handled: Operation> {
  package typealias Taken = (input: Handled.Input, admission: Admission)

  private let operation: Handled
  private let authenticator: Authenticator
  /// Whether bytes are a link's name with what running text adds to it.
  private let isLink: (Request.Bytes) -> Bool
  /// Whether bytes with slashes are a slug; nil where no slug has any.
  private let isSlug: ((Request.Bytes) -> Bool)?
  /// The names of the path's captured segments.
  private let names: [String]

  package init(
    _ operation: Handled, _ authenticator: Authenticator,
    isLink: @escaping (Request.Bytes) -> Bool, isSlug: ((Request.Bytes) -> Bool)? = nil
  ) {
    self.operation = operation
    self.authenticator = authenticator
    self.isLink = isLink
    self.isSlug = isSlug
    names = Handled.route.path.names
  }

  /// The answer to one request.
  package func answer(_ request: Request, in stores: Handled.Stores) -> Response {
    switch take(request) {
    case .failure(let refusal): return refusal.response
    case .success(let taken):
      if Handled.changesByGET, let problem = request.safetyProblem {
        return problem.response.telling(taken.admission.quota)
      }
      let response: Response
      do throws(Handled.Failure) {
        response = try operation.perform(taken.input, for: taken.admission.caller, in: stores)
          .response
      } catch {
        response = error.problem.response
      }
      return response.telling(taken.admission.quota)
    }
  }

  /// Reads a request.
  package func take(_ request: Request) -> Result<Taken, Refusal> {
    let isREST = Handled.route.isREST
    do throws(AccessFailure) {
      let admission = try authenticator.admit(
        request, key: Handled.takesKeyInQuery ? request.keyInQuery : nil, for: Handled.permission)
      do throws(InputFailure) {
        return .success((try input(of: request), admission))
      } catch {
        return .failure(
          Refusal(problem: error.problem(isREST: isREST), quota: admission.quota))
      }
    } catch {
      return .failure(Refusal(problem: error.problem))
    }
  }

  /// Why a request isn't taken.
  package struct Refusal: Answerable {
    package let problem: Problem
    /// What is left of the caller's requests.
    package var quota: Quota?

    package var response: Response { problem.response.telling(quota) }
  }

  /// What a request wants, whoever asks.
  package func input(of request: Request) throws(InputFailure) -> Handled.Input {
    var reader = InputReader(
      path: segments(of: request), query: QueryString(request.query),
      members: try members(of: request), Handled.body, prefersText: request.prefersText,
      prefersPage: request.prefersPage, host: String(decoding: request.host, as: UTF8.self),
      client: Requester(request))
    let input = operation.input(from: &reader)
    try reader.finish()
    return input
  }

  /// The values of the path's names, decoded.
  private func segments(of request: Request) -> [String: String] {
    guard !names.isEmpty else { return [:] }
    let path = Handled.route.path
    let captures = path.captures(of: request.path, isLink: isLink, isSlug: isSlug) ?? []
    var values = captures.map { String(decoding: PercentEncoding.decoded($0), as: UTF8.self) }
    // A link's name stays encoded: its field type decodes it, and to decode twice would change it.
    if path.endsWithLink, let link = captures.last {
      values[values.count - 1] = String(decoding: link, as: UTF8.self)
    }
    return Dictionary(zip(names, values)) { first, _ in first }
  }

  private func members(of request: Request) throws(InputFailure) -> JSONObject {
    guard Handled.body != .none else { return JSONObject() }
    guard let body = request.body else { throw .bodyTooLarge }
    if Handled.body == .exact {
      guard request.isJSON else { throw .unsupportedMediaType }
      guard request.isUncoded else { throw .unsupportedContentCoding }
    }
    // As in Shlink, no body at all is an object without members.
    if Handled.body == .lenient, body.isEmpty { return JSONObject() }
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: Self.withoutByteOrderMark(body))
    } catch {
      throw .invalidJSON(error)
    }
    guard let object = value.object else { throw .noObject(kind: "\(value.kind)") }
    return object
  }

  /// A reader may ignore a byte order mark (RFC 8259, section 8.1), which some programs put there.
  private static func withoutByteOrderMark(_ body: [UInt8]) -> [UInt8] {
    body.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(body.dropFirst(3)) : body
  }
}

extension Request {
  /// Why it must not change anything, though its path does: nobody may be about to use the answer.
  fileprivate var safetyProblem: Problem? {
    if isPrefetch {
      return Problem(
        .forbidden,
        detail: "A prefetch changes nothing here: the address must be opened, not fetched ahead.")
    }
    guard method == .head else { return nil }
    return Problem(
      .methodNotAllowed, detail: "HEAD changes nothing here: use GET.",
      fields: [Response.Field("Allow", "GET")])
  }

  /// The parameter `apiKey`, decoded; nil without one.
  ///
  /// It is found wherever nginx finds it (`http.conf`), which counts no request with a key.
  fileprivate var keyInQuery: String? {
    let mark = "apiKey=".utf8
    let pair = query.split(separator: UInt8(ascii: "&")).last { $0.starts(with: mark) }
    return pair.map { pair in
      String(
        decoding: PercentEncoding.decoded(pair.dropFirst(mark.count), plusIsBlank: true),
        as: UTF8.self)
    }
  }
}

extension Response {
  /// The answer, with what is left of the caller's requests.
  package func telling(_ quota: Quota?) -> Response {
    guard let quota else { return self }
    var response = self
    response.fields += quota.fields
    return response
  }
}
