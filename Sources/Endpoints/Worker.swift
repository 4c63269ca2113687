import FastCGI
import HTTPTypes
import Metrics
import Service
import Web

/// What answers a request; the second argument is the path segment that the route captured.
typealias Handler = (Request, Substring) throws(Failure) -> Response

/// The loop of one worker process: a request at a time, from the pool's socket to its answer.
struct Worker {
  let router: Router<Handler>
  let meter: Meter
  /// Whether nginx may keep its connections to this pool.
  var keepsConnections = false
  /// Called about once a second, between requests.
  let tick: () -> Void

  /// The longest body that is taken, in bytes; nginx has the same limit.
  static let bodyLimit = 64 << 10
  private static let tickMilliseconds: Int64 = 1000

  /// Serves until asked to stop.
  ///
  /// - Throws: `FastCGIError` when the socket is none.
  func serve() throws {
    let listener = try Listener(keepsConnections: keepsConnections) { Signals.stopRequested }
    var nextTick: Int64 = 0
    func tickIfDue() {
      let now = SystemClock.bootMilliseconds()
      guard now >= nextTick else { return }
      nextTick = now + Self.tickMilliseconds
      tick()
    }

    var output: [UInt8] = []
    output.reserveCapacity(16 << 10)
    while let exchange = try listener.accept(
      idleMilliseconds: Int32(Self.tickMilliseconds), idle: tickIfDue)
    {
      let method = exchange.parameter("REQUEST_METHOD").flatMap { HTTPRequest.Method($0) }
      output.removeAll(keepingCapacity: true)
      answer(exchange, method).append(to: &output, isHead: method == .head)
      exchange.write(output)
      _ = consume exchange
      tickIfDue()
    }
  }

  private func answer(_ exchange: borrowing Exchange, _ method: HTTPRequest.Method?) -> Response {
    do throws(Failure) {
      guard let method, let target = exchange.parameter("REQUEST_URI"), target.hasPrefix("/") else {
        throw .malformedTarget
      }
      let request = Request(exchange, method: method, target: target)
      switch router.match(method, request.path) {
      case .found(let handler, let segment): return try handler(request, segment)
      case .methodNotAllowed(let allow): throw .methodNotAllowed(allow: allow)
      case .notFound: throw .notFound
      }
    } catch {
      let problem = error.problem
      if error.isUnrouted { meter.count(.none, problem.status) }
      return problem.response
    }
  }
}

extension Request {
  /// Copies out what nginx passes (`nginx-config/swiftlet/`), no more.
  fileprivate init(_ exchange: borrowing Exchange, method: HTTPRequest.Method, target: String) {
    self.init(
      method: method, target: target, contentType: exchange.parameter("CONTENT_TYPE"),
      remoteAddress: exchange.parameter("REMOTE_ADDR") ?? "",
      userAgent: exchange.parameter("HTTP_USER_AGENT") ?? "",
      referrer: exchange.parameter("HTTP_REFERER") ?? "",
      id: exchange.parameter("REQUEST_ID") ?? "",
      body: method == .post ? exchange.body(upTo: Worker.bodyLimit) : [])
  }
}
