package import API
package import Access
import HTTPTypes
package import Metrics
import Serving
package import Web

/// The requests of one operation that a worker has taken and answers together.
package final class SharedRequests<Shared: SharedOperation> {
  private let operation: Shared
  private let stores: Shared.Stores
  private let handler: OperationHandler<Shared>
  private let meter: Meter
  private var taken: [OperationHandler<Shared>.Taken] = []

  package init(
    _ operation: Shared, in stores: Shared.Stores, _ authenticator: Authenticator, _ meter: Meter
  ) {
    self.operation = operation
    self.stores = stores
    self.meter = meter
    handler = OperationHandler(
      operation, authenticator, isLink: Router<Handler>.Pattern.isName)
  }

  /// Takes a request, which `answer` answers.
  ///
  /// - Returns: The answer to one that is refused at once; nil for one that is taken.
  package func take(_ request: Request) -> Response? {
    switch handler.take(request) {
    case .success(let input):
      taken.append(input)
      return nil
    case .failure(let refusal): return counted(refusal.response)
    }
  }

  /// Answers what was taken, in its order.
  package func answer() -> [Response] {
    let requests = taken
    taken = []
    let results = operation.perform(
      requests.map { ($0.input, $0.admission.caller) }, in: stores)
    return zip(results, requests).map { result, request in
      let response =
        switch result {
        case .success(let output): output.response
        case .failure(let failure): failure.problem.response
        }
      return counted(response.telling(request.admission.quota))
    }
  }

  private func counted(_ response: Response) -> Response {
    meter.count(Shared.endpoint, status: response.status.code)
    return response
  }
}
