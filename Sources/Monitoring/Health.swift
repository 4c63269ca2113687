package import Sessions

/// The health of a pool: each engine and worker that it depends on, asked for a sign of life.
package struct Health {
  private let dependencies: [Dependency]
  private let canServe: (_ answering: Set<String>) -> Bool
  private let remarks: () -> [String]

  /// - Parameters:
  ///   - dependencies: What is asked for a sign of life, in the answer's order.
  ///   - canServe: Whether the pool can serve when those that answered are the ones named.
  ///   - remarks: Conditions that need attention though everything answers.
  package init(
    dependencies: [Dependency], canServe: @escaping (_ answering: Set<String>) -> Bool,
    remarks: @escaping () -> [String] = { [] }
  ) {
    self.dependencies = dependencies
    self.canServe = canServe
    self.remarks = remarks
  }

  /// Asks all of them, now.
  package func report() -> HealthReport {
    let findings = dependencies.map { dependency in
      let (microseconds, error) = dependency.measure()
      return HealthReport.Finding(
        name: dependency.name, microseconds: microseconds, error: error?.kind)
    }
    let answering = Set(findings.filter(\.isUp).map(\.name))
    let state: HealthReport.State =
      if !canServe(answering) {
        .unavailable
      } else {
        answering.count == findings.count ? .ok : .degraded
      }
    return HealthReport(state: state, findings: findings, remarks: remarks())
  }
}
