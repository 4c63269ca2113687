package import API
package import Service

/// The operations of health and metrics, by the program that serves them.
package enum MonitoringOperations {
  /// Those of a host: the program api answers them.
  package static let all: [any Operation<HostMonitor>] = [
    GetHealth(), GetMetrics(), GetRESTHealth(), GetUnversionedHealth(), GetMercureInfo(),
    GetStatus(),
  ]

  /// Those of the analytics pool.
  package static let ofAnalytics: [any Operation<Momentary<HealthReport>>] = [GetStatsHealth()]
}
