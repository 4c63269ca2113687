import Service

/// Checks Redis, which is made ready by its own file.
struct RedisStep: SetupStep {
  let title = "Redis: version, memory and the file of its data"
  /// What `redis.conf` should say, by the finding that warns.
  private static let lines = [
    "Redis persistence": ["appendonly yes"], "Redis memory": ["maxmemory-policy volatile-lru"],
  ]

  func run(_ host: SetupHost, isDry: Bool) throws -> SetupResult {
    let findings = try host.asPrograms { RedisCheck(host.settings).findings() }
    if let failed = findings.first(where: { $0.state == .failed }) { throw SetupFailure(failed) }
    let wrong = findings.filter { $0.state == .warning }.compactMap { finding in
      Self.lines[finding.subject].map { (finding, $0) }
    }
    let detail = findings.first?.detail ?? "connected"
    guard !wrong.isEmpty else { return .ok(detail) }
    return .ok(
      detail,
      remarks: wrong.map { "\($0.0.subject): \($0.0.detail)" }
        + [
          "do: write these lines into its redis.conf (/etc/redis/redis.conf), and restart it "
            + "(systemctl restart redis-server):"
        ]
        + wrong.flatMap { $0.1.map { "    " + $0 } })
  }
}
