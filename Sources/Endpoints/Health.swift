import HTTPTypes
import JSON
import Service
import Stores
import Web

/// The answer to `GET /health` of a pool: each engine it leans on, asked for a sign of life.
struct Health {
  /// An engine or a part of this host, and how to ask it.
  struct Dependency {
    let name: String
    let ping: () throws(StoreError) -> Void
  }

  let dependencies: [Dependency]
  /// Whether the pool can serve when those that answered are the ones named.
  let canServe: (_ answering: Set<String>) -> Bool
  /// What somebody should look at though everything answers.
  var remarks: () -> [String] = { [] }

  /// The answer as of now.
  func response() -> Response {
    let results = dependencies.map { dependency in (dependency.name, measure(dependency)) }
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

  private func measure(
    _ dependency: Dependency
  ) -> (microseconds: Int, error: StoreError?) {
    let clock = ContinuousClock()
    var failure: StoreError?
    let elapsed = clock.measure {
      do throws(StoreError) {
        try dependency.ping()
      } catch {
        failure = error
      }
    }
    return (Int(elapsed / .microseconds(1)), failure)
  }
}

extension Momentary<Response> {
  /// Answers with what is at most a moment old: so no client can make the engines be asked more often.
  func answer(_: Request, _: Request.Bytes) -> Response { value() }
}
