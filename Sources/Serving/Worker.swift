package import FastCGI
import Glibc
import HTTPTypes
import Links
package import Logging
package import Metrics
import Service
import Text
package import Web

/// The loop of one worker process: a request at a time, from the pool's socket to its answer.
///
/// Those of some routes are answered together, as many as have arrived (`Handler.together`).
package struct Worker {
  private let router: Router<Handler>
  private let meter: Meter
  private let connections: Int
  private let backlog: Backlog
  private let hasCredentials: Bool
  private let refuseLost: (Request) -> Problem
  private let refuseFlood: (Request) -> Problem?
  private let answerLost: (Request) -> Response?
  private let log: Logger
  private let answerTaken: () -> [Response]
  private let afterAnswer: (_ hasReady: Bool) -> Void
  private let tick: () -> Void

  /// - Parameters:
  ///   - router: Who answers what.
  ///   - meter: Counts the requests that no route saw.
  ///   - connections: How many connections it may have at a time.
  ///   - backlog: Kept up to date about the requests that wait.
  ///   - hasCredentials: Whether its requests may come with an API key.
  ///   - refuseLost: Refuses a request under `/rest` that no route takes.
  ///   - refuseFlood: Refuses any other request that no route takes, if its client or key has sent too many;
  ///     nil for one that may be answered.
  ///   - answerLost: Answers, and counts, any other request that no route takes; nil for one that is not
  ///     found.
  ///   - log: Where a worker says that nobody can reach it.
  ///   - answerTaken: Answers the requests that `Handler.together` has taken since the last call, in
  ///     their order.
  ///   - afterAnswer: Called when an answer has been sent, for work that no client waits for; told
  ///     whether another request has arrived already.
  ///   - tick: Called about once a second, between requests.
  package init(
    router: Router<Handler>, meter: Meter, connections: Int, backlog: Backlog = Backlog(),
    hasCredentials: Bool = false,
    refuseLost: @escaping (Request) -> Problem = { _ in RoutingFailure.notFoundInREST.problem },
    refuseFlood: @escaping (Request) -> Problem? = { _ in nil },
    answerLost: @escaping (Request) -> Response? = { _ in nil },
    log: Logger, answerTaken: @escaping () -> [Response] = { [] },
    afterAnswer: @escaping (_ hasReady: Bool) -> Void = { _ in }, tick: @escaping () -> Void
  ) {
    self.router = router
    self.meter = meter
    self.connections = connections
    self.backlog = backlog
    self.hasCredentials = hasCredentials
    self.refuseLost = refuseLost
    self.refuseFlood = refuseFlood
    self.answerLost = answerLost
    self.log = log
    self.answerTaken = answerTaken
    self.afterAnswer = afterAnswer
    self.tick = tick
  }

  /// The longest body that is taken, in bytes; nginx has the same limit.
  static let bodyLimit = 64 << 10
  private static let tickMilliseconds: Int64 = 1000
  /// How many requests are answered together at most.
  private static let taken = 32
  /// Ticks for which an orphaned worker drains its backlog after its socket path was replaced.
  private static let ticksOutOfPlace = 2

  /// Serves until asked to stop, or until nobody can reach it any more.
  ///
  /// - Throws: `FastCGIError` when the socket is none.
  package func serve() throws {
    let (place, parent) = (SocketPlace(), getppid())
    var (isTold, ticks) = (false, 0)
    let listener = try Listener(connections: connections, backlog: backlog) {
      Signals.stopRequested || ticks > Self.ticksOutOfPlace
    }
    var nextTick: Int64 = 0
    func tickIfDue() {
      let now = SystemClock.bootMilliseconds()
      guard now >= nextTick else { return }
      nextTick = now + Self.tickMilliseconds
      meter.set(.ticked, Int(now))
      if place?.isTaken == true {
        if getppid() != parent || getppid() == 1 { ticks += 1 }
        if !isTold { log.error("another socket is in the place of this one") }
        isTold = true
      }
      tick()
    }

    tickIfDue()
    ResidentCode.release()
    while let exchange = try listener.accept(
      idleMilliseconds: Int32(Self.tickMilliseconds), idle: tickIfDue)
    {
      if let taken = serve(exchange) { try serve(with: taken, listener) }
      afterAnswer(listener.hasReady)
      tickIfDue()
    }
  }

  /// Answers a request, unless it is to be answered together with others.
  private func serve(_ exchange: consuming Exchange) -> OpenExchange? {
    let method = exchange.parameter("REQUEST_METHOD").flatMap { HTTPRequest.Method($0) }
    guard let response = answer(exchange, method) else { return OpenExchange(exchange) }
    response.write(isHead: method == .head) { exchange.write($0) }
    return nil
  }

  /// Answers a request that was taken, together with those that have arrived as well.
  private func serve(with first: OpenExchange, _ listener: Listener) throws(FastCGIError) {
    var taken = [first]
    while taken.count < Self.taken, let exchange = try listener.acceptReady() {
      if let another = serve(exchange) { taken.append(another) }
    }
    for (open, response) in zip(taken, answerTaken()) {
      response.write(isHead: false) { open.exchange.write($0) }
    }
  }

  /// Nil when the request was taken.
  private func answer(_ exchange: borrowing Exchange, _ method: HTTPRequest.Method?) -> Response? {
    guard let method, let target = exchange.parameter("REQUEST_URI"),
      target.first == UInt8(ascii: "/")
    else { return answer(to: .malformedTarget) }
    var request = Request(
      exchange, method: method, target: target, hasCredentials: hasCredentials)
    guard PercentEncoding.mayOccur(in: request.path) else { return answer(request) }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: request.path.count) { room in
      let count = PercentEncoding.decodeUnreserved(request.path, into: room)
      request.path = Request.Bytes(rebasing: room[..<count])
      return answer(request)
    }
  }

  private func answer(_ request: Request) -> Response? {
    switch router.match(request.method, request.path) {
    case .found(.each(let answer), let segment): answer(request, segment)
    case .found(.together(let take), _): take(request)
    case .methodNotAllowed where request.isREST, .notFound where request.isREST:
      counted(refuseLost(request))
    case .methodNotAllowed(let allow):
      refuseFlood(request).map(counted) ?? answer(to: .methodNotAllowed(allow: allow))
    case .notFound:
      refuseFlood(request).map(counted) ?? answerLost(request) ?? answer(to: .notFound)
    }
  }

  private func answer(to failure: RoutingFailure) -> Response { counted(failure.problem) }

  private func counted(_ problem: Problem) -> Response {
    meter.count(.none, status: problem.status.code)
    return problem.response
  }
}

extension Request {
  fileprivate var isREST: Bool {
    path.begins(with: "/rest/") || path.isText("/rest")
  }

  /// Reads what nginx passes (`nginx-config/swiftlet/`), no more.
  fileprivate init(
    _ exchange: borrowing Exchange, method: HTTPRequest.Method, target: Bytes, hasCredentials: Bool
  ) {
    let hasBody = method != .get && method != .head
    self.init(
      method: method, target: target,
      contentType: hasBody ? exchange.parameter("CONTENT_TYPE") : nil,
      contentEncoding: hasBody ? exchange.parameter("HTTP_CONTENT_ENCODING") : nil,
      remoteAddress: exchange.parameter("REMOTE_ADDR"),
      userAgent: exchange.parameter("HTTP_USER_AGENT"),
      referrer: exchange.parameter("HTTP_REFERER"),
      language: exchange.parameter("HTTP_ACCEPT_LANGUAGE"), id: exchange.parameter("REQUEST_ID"),
      isPrefetch: exchange.parameter("PREFETCH") != nil,
      counting: exchange.parameter("VISIT"),
      body: hasBody ? exchange.body(upTo: Worker.bodyLimit) : [],
      apiKey: hasCredentials ? exchange.parameter("HTTP_X_API_KEY") : nil,
      accept: hasCredentials ? exchange.parameter("HTTP_ACCEPT") : nil,
      authorization: hasCredentials ? exchange.parameter("HTTP_AUTHORIZATION") : nil,
      session: hasCredentials ? exchange.parameter("SWIFTLET_SESSION") : nil,
      isOfOwnPage: hasCredentials && exchange.parameter("SWIFTLET_OWN_PAGE") != nil,
      host: exchange.parameter("DOMAIN"),
      handOn: exchange.parameter("LAST_RESORT").map { $0.isText("0") ? .lookup : .lastResort })
  }
}
