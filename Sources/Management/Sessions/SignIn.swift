package import API
package import Access
package import Metrics
package import Web

/// `POST /rest/v3/session`: begins a session.
package struct SignIn: Operation {
  package typealias Output = StartedSession
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package struct Input: Sendable {
    package let session: NewSession
    /// What was sent as a code; nil for nothing.
    package let code: String?

    package init(_ session: NewSession, code: String? = nil) {
      self.session = session
      self.code = code
    }
  }

  package static let route = Route.post("/rest/v3/session")
  package static let permission = Permission.signIn
  package static let topic = Topic.sessions
  package static let summary = "Sign in"
  package static let details = """
    Begins a session, whose value only a cookie has. Requests with this cookie do what the key may, if \
    a page of this site's own sends them (`X-Swiftlet-Page: 1`). With a key, a code is passed over. The session \
    of the cookie that came with the request ends.
    """
  package static let body = BodyForm.exact
  package static let problems = [ProblemType.invalidCode]
  package static let endpoint = Endpoint.keys

  package init() {}

  package func input(from reader: inout InputReader) -> Input {
    let isRemembered = reader.optional(
      "remember", .boolean,
      """
      Whether the browser keeps it for 30 days. Otherwise it ends with the browser, and after 12 hours \
      without a request.
      """)
    let code = reader.optional(
      "code", .string(atMost: 128, sample: Token.sample.text),
      "A code of `swiftlet key sign-in`, good once and for 10 minutes.")
    return Input(NewSession(of: reader.client, isRemembered: isRemembered ?? false), code: code)
  }

  package func perform(
    _ input: Input, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> StartedSession {
    guard let key = caller.key else {
      guard let text = input.code else { throw .session(.noCredentials) }
      guard let code = Token(text.utf8) else { throw .session(.wrongCode) }
      let started = try stores.units.perform("sign in", for: caller) { unit throws(TableError) in
        guard let id = try unit.sessions.use(code) else { return SessionTable.Start?.none }
        return try unit.sessions.start(input.session, of: id)
      }
      guard let started else { throw .session(.wrongCode) }
      return answer(input, started, stores)
    }
    let started = try stores.units.perform("sign in", for: caller) { unit throws(TableError) in
      try unit.sessions.start(input.session, of: key.id, secret: key.hash)
    }
    guard let started else { throw .session(.keyGone) }
    return answer(input, started, stores)
  }

  private func answer(
    _ input: Input, _ started: SessionTable.Start, _ stores: ManagementStores
  ) -> StartedSession {
    StartedSession(
      CurrentSession(started.holder, started.session.asOfKey, stores.instance()),
      cookie: SessionCookie(stores.baseURL).line(
        input.session.value,
        keptFor: input.session.isRemembered ? SessionLimits.seconds : nil))
  }
}
