package import API
package import HTTPTypes
package import Web

/// A session that has begun; its cookie is told in the header.
package struct StartedSession: JSONObjectAnswer {
  private let session: CurrentSession
  /// The value of `Set-Cookie`.
  private let cookie: String

  package static let schemaName = CurrentSession.schemaName
  package static let summary = "The session has begun."
  package static let sample = StartedSession(.sample, cookie: "")

  init(_ session: CurrentSession, cookie: String) {
    self.session = session
    self.cookie = cookie
  }

  package var status: HTTPResponse.Status { .created }

  package var fields: [Response.Field] {
    [Response.Field("Cache-Control", "no-store"), Response.Field("Set-Cookie", cookie)]
  }

  package func write(to writer: inout FieldWriter) { session.write(to: &writer) }

  package static var forms: [AnswerForm] {
    [AnswerForm(.created, summary, fields: [.setCookie("The session's value.")], content: content)]
  }
}

/// The answer to who has signed out: the cookie is taken away.
package struct EndedSession: Answer {
  private let cookie: String

  init(cookie: String) {
    self.cookie = cookie
  }

  package var response: Response {
    Response(
      status: .noContent,
      fields: [Response.Field("Cache-Control", "no-store"), Response.Field("Set-Cookie", cookie)])
  }

  package static let forms = [
    AnswerForm(.noContent, "Done.", fields: [.setCookie("It takes the cookie away.")])
  ]
}

extension HeaderField {
  fileprivate static func setCookie(_ summary: String) -> HeaderField {
    HeaderField("Set-Cookie", summary)
  }
}
