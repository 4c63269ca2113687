package import API
package import HTTPTypes
package import Sessions
package import Web

/// What a pool's dependencies have answered, and what follows for the pool.
package struct HealthReport: JSONObjectAnswer {
  package enum State: String, CaseIterable, Sendable {
    case ok
    /// The pool serves, and something that it can do without is away.
    case degraded
    case unavailable
  }

  /// What one dependency has answered.
  package struct Finding: Sendable {
    package let name: String
    /// How long it took.
    package let microseconds: Int
    /// Why it gave no sign of life; nil when it did.
    package let error: StoreError.Kind?

    package init(name: String, microseconds: Int, error: StoreError.Kind?) {
      self.name = name
      self.microseconds = microseconds
      self.error = error
    }

    package var isUp: Bool { error == nil }
  }

  package let state: State
  package let findings: [Finding]
  package let remarks: [String]

  package init(state: State, findings: [Finding], remarks: [String]) {
    self.state = state
    self.findings = findings
    self.remarks = remarks
  }

  package var status: HTTPResponse.Status {
    state == .unavailable ? .serviceUnavailable : .ok
  }

  package var fields: [Response.Field] {
    [Response.Field("Cache-Control", "no-store")]
      + (state == .unavailable ? [Response.Field("Retry-After", "1")] : [])
  }

  package func write(to writer: inout FieldWriter) {
    writer.field("status", state, .word(sample: .ok))
    writer.map(
      "dependencies", findings.map { ($0.name, $0) }, Self.dependenciesSummary
    ) { finding, writer in
      writer.field("state", finding.isUp ? Sign.up : .down, .word(sample: .up))
      writer.field("latency_ms", finding.microseconds, .thousandths(sample: 412))
      writer.sometimes { writer in
        if let error = finding.error { writer.field("error", error, .word(sample: .timeout)) }
      }
    }
    writer.sometimes { writer in
      if !remarks.isEmpty {
        writer.list(
          "remarks", remarks, of: .text(sample: "dead letters: 3"),
          "What somebody should look at though everything answers.")
      }
    }
  }

  private enum Sign: String, CaseIterable {
    case up
    case down
  }
}

// MARK: - Description

extension HealthReport {
  package static let schemaName = "Health"
  package static let summary =
    "The pool can serve; `degraded` when something is down that it can do without."
  package static let sample = HealthReport(
    state: .degraded,
    findings: [
      Finding(name: "postgres", microseconds: 412, error: nil),
      Finding(name: "redis", microseconds: 200_113, error: .timeout),
    ], remarks: ["dead letters: 3"])

  package static var forms: [AnswerForm] {
    [
      AnswerForm(.ok, summary, content: content),
      AnswerForm(
        .serviceUnavailable, "The pool can't serve.",
        content: AnswerForm.Content("application/json", schema)),
    ]
  }

  private static let dependenciesSummary = """
    Each engine by its name. `postgres` is down by `rejected` while it lacks a table, a column or a right: \
    a migration is to be applied. `journal` is the directory of click journals. `relay` is down when clicks \
    wait there for more than a minute, `consumer` when they have waited as long to be stored. \
    `invalidator` is down when this host has heard no change of a link for five seconds: workers then \
    ask again for each link twice a second. `dispatcher` is down when changes of links have waited for \
    more than five seconds to be announced, or none runs on this host; a remark says why. `redirects`, \
    `lookups` and `retries` are the shortener's workers on this host, down when none has moved for \
    five seconds.
    """
}
