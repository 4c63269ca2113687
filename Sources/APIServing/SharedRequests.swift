package import API
package import Access
import HTTPTypes
package import Metrics
import Serving
package import Web

/// The requests of one operation that a worker has taken and answers together.
///
/// This generic code isn't specialized, and each generic type in it costs hundreds of instructions a
/// request. So it works with plain arrays and indices.
package final class SharedRequests<Shared: SharedOperation> {
  private let operation: Shared
  private let stores: Shared.Stores
  private let handler: OperationHandler<Shared>
  private let meter: Meter
  private var inputs: [(Shared.Input, Caller)] = []
  /// What is left of each caller's requests, in the order of `inputs`.
  private var quotas: [Quota?] = []

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
    case .success(let taken):
      inputs.append((taken.input, taken.admission.caller))
      quotas.append(taken.admission.quota)
      return nil
    case .failure(let refusal): return counted(refusal.response)
    }
  }

  /// Answers what was taken, in its order.
  package func answer() -> [Response] {
    let results = operation.perform(inputs, in: stores)
    var responses: [Response] = []
    responses.reserveCapacity(results.count)
    for index in 0..<results.count {
      let response =
        switch results[index] {
        case .success(let output): output.response
        case .failure(let failure): failure.problem.response
        }
      responses.append(counted(response.telling(quotas[index])))
    }
    (inputs, quotas) = ([], [])
    return responses
  }

  private func counted(_ response: Response) -> Response {
    meter.count(Shared.endpoint, status: response.status.code)
    return response
  }
}
