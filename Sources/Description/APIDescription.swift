package import API
import Analytics
import Destinations
import JSON
import Management
import Monitoring
import Service

/// The API's description: every operation of every program, and what no operation serves.
package enum APIDescription {
  /// All operations.
  package static var operations: [OperationDescription] {
    let management = ManagementOperations.all(OwnHosts()).map { OperationDescription($0) }
    let analytics = AnalyticsOperations.all.map { OperationDescription($0) }
    let monitoring =
      MonitoringOperations.all.map { OperationDescription($0) }
      + MonitoringOperations.ofAnalytics.map { OperationDescription($0) }
    return management + Redirect.descriptions + analytics + monitoring
  }

  /// The description as OpenAPI: what `/openapi.json` answers.
  package static var document: OpenAPIDocument { OpenAPIDocument(information, operations) }

  private static var information: JSONObject {
    JSONObject([
      .init("title", "Swiftlet"),
      .init("version", .string(Program.version)),
      .init("summary", "A self-hosted URL shortener behind nginx."),
      .init("description", .string(introduction)),
      .init("license", .object([("name", "MIT"), ("identifier", "MIT")])),
    ])
  }

  private static let introduction = """
    Every answer carries `X-Request-Id`; a redirect's is the id of its click all the way to \
    ClickHouse. Errors are problem details (RFC 9457) with a stable `type`. Times are UTC, RFC 3339. \
    Paths under `/rest` are those of Shlink's REST API, with its types of errors; `/rest/v1` and \
    `/rest/v2` mean `/rest/v3`. Answers to an API key that has a limit carry `RateLimit` and \
    `RateLimit-Policy`: what is left of its requests, for how many seconds, and how many it has in a minute.
    """
}
