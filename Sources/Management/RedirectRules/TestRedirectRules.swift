package import API
package import Access
import Links
package import Metrics
import Places
import Service
package import Web

/// `POST /rest/v3/short-urls/{shortCode}/redirect-rules/test`: where a link would lead a visitor, and why.
package struct TestRedirectRules: Operation {
  package typealias Output = RuleTrace
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package struct Input: Sendable {
    package let name: ShortURLName
    package let visitor: TestVisitor

    package init(_ name: ShortURLName, _ visitor: TestVisitor) {
      self.name = name
      self.visitor = visitor
    }
  }

  package static let route = Route.post("/rest/v3/short-urls/{shortCode}/redirect-rules/test")
  package static let permission = Permission.read(.shortURLs)
  package static let topic = Topic.redirectRules
  package static let summary = "Test the redirect rules of a short URL"
  package static let details = """
    Nothing is changed or counted. Limits and dates of the link are passed over. Of the headers, \
    `User-Agent` and `Accept-Language` count. Each condition is answered with whether it holds, and with \
    what is known of the visitor.
    """
  package static let body = BodyForm.lenient
  package static let problems = [ProblemType.Shlink.shortURLNotFound]
  package static let endpoint = Endpoint.shortURLs

  package init() {}

  package func input(from reader: inout InputReader) -> Input {
    Input(ShortURLName(from: &reader), TestVisitor(from: &reader))
  }

  package func perform(
    _ input: Input, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> RuleTrace {
    let list = try ListRedirectRules().perform(input.name, for: caller, in: stores)
    return input.visitor.withFacts(stores.places, at: SystemClock.milliseconds()) {
      RuleTrace(list, $0)
    }
  }
}
