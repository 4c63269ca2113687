import HTTPTypes
import Metrics
import Stores
import Web

/// `GET /metrics`: the numbers of all programs on this host, for Prometheus and its like.
struct MetricsPage {
  let instruments: Instruments

  func answer(_: Request, _: Request.Bytes) -> Response {
    Response(
      status: .ok,
      fields: [
        Response.Field("Content-Type", OpenMetricsWriter.contentType),
        Response.Field("Cache-Control", "no-store"),
      ], body: Array(instruments.read().openMetrics.utf8))
  }
}
