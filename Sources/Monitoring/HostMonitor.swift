package import Journals
package import Service

/// What is known of this host: its health, and the numbers of its programs.
package struct HostMonitor {
  /// At most a moment old: so no client can make the engines be asked more often.
  package let health: Momentary<HealthReport>
  package let metrics: MetricsReader

  package init(health: Health, metrics: MetricsReader) {
    self.health = Momentary(health.report)
    self.metrics = metrics
  }
}
