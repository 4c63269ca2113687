package import API
package import Access
package import Metrics
package import Serving
import Web

extension Router<Handler> {
  /// Adds the routes of some operations, whose answers are counted by their class; those that are
  /// answered together are added by themselves.
  ///
  /// - Parameters:
  ///   - operations: Of one program.
  ///   - stores: What they work on.
  ///   - authenticator: Who tells callers.
  ///   - meter: Where they are counted.
  package mutating func add<Stores>(
    _ operations: [any Operation<Stores>], in stores: Stores, _ authenticator: Authenticator,
    _ meter: Meter
  ) {
    for operation in operations where !(operation is any SharedOperation) {
      add(operation, in: stores, authenticator, meter)
    }
  }

  private mutating func add<Added: Operation>(
    _ operation: Added, in stores: Added.Stores, _ authenticator: Authenticator, _ meter: Meter
  ) {
    let slugs = slugs
    let handler = OperationHandler(
      operation, authenticator, isLink: { Pattern.isName($0, slugs) },
      isSlug: Pattern.isSlug(slugs))
    on(
      Added.route.methods, at: .template(Added.route.path),
      meter.counting(Added.endpoint) { request, _ in handler.answer(request, in: stores) })
  }

  /// Adds the route of an operation whose waiting requests are answered together.
  package mutating func add<Added: SharedOperation>(_ shared: SharedRequests<Added>) {
    on(Added.route.methods, at: .template(Added.route.path), .together(shared.take))
  }
}
