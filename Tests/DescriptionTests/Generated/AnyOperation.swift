import API
import Access
import Analytics
import Destinations
import Management
import Monitoring
import Serving
import Web

/// An operation of any program, without its stores: how it reads requests and what it says of itself.
struct AnyOperation {
  let description: OperationDescription
  /// Why a request isn't taken; nil for one that is.
  let refusal: (Request) -> Problem?
  /// The same for a request of somebody who may do everything.
  let inputRefusal: (Request) -> Problem?
  /// Asks a reader for the input.
  let read: (inout InputReader) -> Void

  init<Described: Operation>(_ operation: Described) {
    description = OperationDescription(operation)
    let handler = OperationHandler(
      operation, Authenticator(), isLink: Router<Handler>.Pattern.isName)
    refusal = { request in
      switch handler.take(request) {
      case .success: nil
      case .failure(let refusal): refusal.problem
      }
    }
    inputRefusal = { request in
      do throws(InputFailure) {
        _ = try handler.input(of: request)
        return nil
      } catch {
        return error.problem(isREST: Described.route.isREST)
      }
    }
    read = { _ = operation.input(from: &$0) }
  }

  /// Those of every list, in an order in which one router could ask for them.
  static var all: [AnyOperation] {
    ManagementOperations.all(OwnHosts()).map { AnyOperation($0) }
      + MonitoringOperations.all.map { AnyOperation($0) }
      + MonitoringOperations.ofAnalytics.map { AnyOperation($0) }
      + AnalyticsOperations.all.map { AnyOperation($0) }
  }
}
