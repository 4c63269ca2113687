import HTTPTypes
import JSON
import Service
package import Sessions
package import Web

/// The answer to `GET /health` of a pool: each engine it leans on, asked for a sign of life.
package struct Health {
  private let dependencies: [Dependency]
  private let canServe: (_ answering: Set<String>) -> Bool
  private let remarks: () -> [String]

  /// - Parameters:
  ///   - dependencies: What is asked for a sign of life, in the answer's order.
  ///   - canServe: Whether the pool can serve when those that answered are the ones named.
  ///   - remarks: Conditions that need attention though everything answers.
  package init(
    dependencies: [Dependency], canServe: @escaping (_ answering: Set<String>) -> Bool,
    remarks: @escaping () -> [String] = { [] }
  ) {
    self.dependencies = dependencies
    self.canServe = canServe
    self.remarks = remarks
  }

  /// The answer as of now.
  package func response() -> Response {
    let results = dependencies.map { dependency in (dependency.name, dependency.measure()) }
    let up = Set(results.filter { $0.1.error == nil }.map(\.0))
    let isServing = canServe(up)
    let state = isServing ? (up.count == results.count ? "ok" : "degraded") : "unavailable"
    return Response(
      json: isServing ? .ok : .serviceUnavailable,
      fields: [Response.Field("Cache-Control", "no-store")]
        + (isServing ? [] : [Response.Field("Retry-After", "1")])
    ) { json in
      json.beginObject()
      json.key("status")
      json.string(state)
      json.key("dependencies")
      json.beginObject()
      for (name, result) in results {
        json.key(name)
        json.beginObject()
        json.key("state")
        json.string(result.error == nil ? "up" : "down")
        json.key("latency_ms")
        json.number(thousandths: result.microseconds)
        if let error = result.error {
          json.key("error")
          json.string(error.kind.rawValue)
        }
        json.endObject()
      }
      json.endObject()
      let remarks = remarks()
      if !remarks.isEmpty {
        json.key("remarks")
        json.beginArray()
        for remark in remarks { json.string(remark) }
        json.endArray()
      }
      json.endObject()
    }
  }
}

extension Momentary<Response> {
  /// Answers with what is at most a moment old: so no client can make the engines be asked more often.
  package func answer(_: Request, _: Request.Bytes) -> Response { value() }
}
