import HTTPTypes
package import Journals
import Metrics
package import Web

/// `GET /metrics`: the numbers of all programs on this host, for Prometheus and its like.
package struct MetricsPage {
  private let reader: MetricsReader

  package init(reader: MetricsReader) {
    self.reader = reader
  }

  package func answer(_: Request, _: Request.Bytes) -> Response {
    Response(
      status: .ok,
      fields: [
        Response.Field("Content-Type", OpenMetricsWriter.contentType),
        Response.Field("Cache-Control", "no-store"),
      ], body: Array(reader.read().openMetrics.utf8))
  }
}
