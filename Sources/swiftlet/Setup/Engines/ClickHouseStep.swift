import ClickHouse
import Service

/// Makes the database of CLICKHOUSE_URL.
///
/// Its user is made by an administrator: servers before 20.5 know users from their files alone.
struct ClickHouseStep: SetupStep {
  let title = "ClickHouse: the database of CLICKHOUSE_URL"
  private static let timeout = 10_000

  func run(_ host: SetupHost, isDry: Bool) throws -> SetupResult {
    let address = try host.settings.clickHouse { ServerAddress(url: $0) }
    let findings = ClickHouseCheck(host.settings).findings()
    // That there is no database is what this step is for.
    let others = findings.filter { $0.subject != ClickHouseCheck.databaseSubject }
    if let failed = others.first(where: { $0.state == .failed }) {
      let isLogin = failed.advice?.contains("correct the user") == true
      throw SetupFailure(
        "\(failed.subject): \(failed.detail.printable)",
        advice: [failed.advice].compactMap { $0 }
          + (isLogin
            ? ["if there is no such user, make it as an administrator:"]
              + Self.commands(for: address) : []),
        status: Outcome.unavailable)
    }
    do throws(ClickHouseError) {
      let client = try Client(address.with(database: "system"), timeout: Self.timeout)
      let known = try client.select(
        "SELECT count() FROM system.databases WHERE name = \(address.database)")
      if known.first?.first != "0" {
        return .ok(findings.first?.detail ?? "connected")
      }
      if !isDry {
        try client.execute("CREATE DATABASE IF NOT EXISTS \(identifier: address.database)")
      }
      return .made("the database \(address.database)", isDry: isDry)
    } catch {
      throw SetupFailure(
        error.debugDescription.printable,
        advice: ["run as an administrator:"] + Self.commands(for: address),
        status: error.isRetriable ? Outcome.unavailable : Outcome.refused)
    }
  }

  private static func commands(for address: ServerAddress) -> [String] {
    [
      "CREATE DATABASE IF NOT EXISTS \(address.database);",
      "CREATE USER \(address.user) IDENTIFIED BY '…';      -- before 20.5: a user of users.xml instead",
      "GRANT SELECT, INSERT, CREATE, ALTER, DROP ON \(address.database).* TO \(address.user);",
    ]
  }
}
