package import API
import HTTPTypes
import JSON
package import Metrics
package import Web

/// The numbers of a host as OpenMetrics.
package struct MetricsPage: Answer {
  private let snapshot: MetricsSnapshot

  package init(_ snapshot: MetricsSnapshot) {
    self.snapshot = snapshot
  }

  package static let forms = [
    AnswerForm(
      .ok, "OpenMetrics 1.0: counters, gauges and histograms, prefork processes summed by program.",
      content: AnswerForm.Content(
        OpenMetricsWriter.contentType, Schema(["type": "string", "pattern": "# EOF\n$"])))
  ]

  package var response: Response {
    Response(
      status: .ok,
      fields: [
        Response.Field("Content-Type", OpenMetricsWriter.contentType),
        Response.Field("Cache-Control", "no-store"),
      ], body: Array(snapshot.openMetrics.utf8))
  }
}
