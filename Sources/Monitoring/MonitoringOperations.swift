package import API
package import Service

/// What operators and their machines ask, by the program that answers it.
package enum MonitoringOperations {
  /// Those of a host: the program api answers them.
  package static let all: [any Operation<HostMonitor>] = [GetHealth(), GetMetrics()]

  /// Those of the analytics pool.
  package static let ofAnalytics: [any Operation<Momentary<HealthReport>>] = [GetStatsHealth()]
}
