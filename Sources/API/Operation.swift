package import Access
package import Metrics
package import Web

/// One thing that the API does, as a value.
///
/// HTTP, the command line, the API's description and the generated tests are readers of the same list of
/// operations. A program lists its own (`ManagementOperations`, `AnalyticsOperations`,
/// `MonitoringOperations`).
package protocol Operation<Stores>: Sendable {
  associatedtype Input: Sendable
  associatedtype Output: Answer
  associatedtype Failure: Answerable
  /// What it works on; the program that serves it has it.
  associatedtype Stores

  static var route: Route { get }
  static var permission: Permission { get }
  /// What it is called in the API's description: a verb and a noun, such as `editShortURL`.
  static var name: String { get }
  /// The heading under which it is described.
  static var topic: Topic { get }
  /// One line.
  static var summary: String { get }
  /// What else a user has to know; empty where the summary says it all.
  static var details: String { get }
  /// How its body is read.
  static var body: BodyForm { get }
  /// Whether the key may come as the parameter `apiKey` of the query; it counts before a header's then.
  static var takesKeyInQuery: Bool { get }
  /// Whether its GET changes something: then neither HEAD nor a browser's prefetch may do it.
  static var changesByGET: Bool { get }
  /// Its own problems, in addition to those of every operation.
  static var problems: [ProblemType] { get }
  /// How its requests are counted.
  static var endpoint: Endpoint { get }

  /// Reads path, query and body.
  ///
  /// Each field is asked for on every path through it: the same calls give the API's description. What is
  /// invalid reads as a sample, and the reader keeps the complaint; then `perform` isn't called.
  func input(from reader: inout InputReader) -> Input

  /// Does it.
  func perform(
    _ input: Input, for caller: Caller, in stores: Stores
  ) throws(Failure) -> Output
}

extension Operation {
  package static var name: String {
    let type = String(describing: Self.self)
    return type.prefix(1).lowercased() + type.dropFirst()
  }
  package static var details: String { "" }
  package static var body: BodyForm { .none }
  package static var takesKeyInQuery: Bool { false }
  package static var changesByGET: Bool { false }
  package static var problems: [ProblemType] { [] }
}

extension Operation where Input == NoInput {
  package func input(from reader: inout InputReader) -> NoInput { NoInput() }
}

/// The input of an operation that takes none.
package struct NoInput: Sendable {
  package init() {}
}

/// An operation whose requests are answered together where several wait: they share what is costly.
package protocol SharedOperation: Operation {
  /// Does it for each input, in their order.
  func perform(
    _ inputs: [(Input, Caller)], in stores: Stores
  ) -> [Result<Output, Failure>]
}

extension SharedOperation {
  package func perform(
    _ input: Input, for caller: Caller, in stores: Stores
  ) throws(Failure) -> Output {
    try perform([(input, caller)], in: stores)[0].get()
  }
}

/// How the body of a request is read.
package enum BodyForm: Equatable, Sendable {
  /// It has none; one that comes is passed over.
  case none
  /// A JSON object, said to be one by `Content-Type`, without unknown members.
  case exact
  /// A JSON object whatever `Content-Type` says; unknown members are passed over. As in Shlink.
  case lenient
}

/// A heading of the API's description.
package enum Topic: String, CaseIterable, Sendable {
  case links = "Links"
  case shortURLs = "Short URLs"
  case redirectRules = "Redirect rules"
  case visits = "Visits"
  case tags = "Tags"
  case domains = "Domains"
  case statistics = "Statistics"
  case keys = "API keys"
  case sessions = "Sessions"
  case health = "Health"
}
