import HTTPTypes
package import Metrics
package import Web

extension Meter {
  /// A handler whose answers are counted by their class: what an endpoint does stays free of it.
  package func counting<Failure: Answerable>(
    _ endpoint: Endpoint,
    _ answer: @escaping (Request, Request.Bytes) throws(Failure) -> Response
  ) -> Handler {
    .each { request, segment in
      let response: Response
      do throws(Failure) {
        response = try answer(request, segment)
      } catch {
        response = error.problem.response
      }
      self.count(endpoint, status: response.status.code)
      return response
    }
  }
}
