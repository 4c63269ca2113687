/// Who of this installation asks PostgreSQL; each may have a login of its own there.
package enum PostgresUser: CaseIterable, Sendable {
  /// Who owns the tables: migrations and the operator's commands, and each of the others that has no
  /// login of its own.
  case owner
  /// The shortener's look-up and retry workers. Its redirect workers ask nothing.
  case lookup
  case api
  case analytics
  case dispatcher

  /// The setting that names its login.
  package var setting: Setting {
    switch self {
    case .owner: .postgresDSN
    case .lookup: .postgresLookupDSN
    case .api: .postgresAPIDSN
    case .analytics: .postgresAnalyticsDSN
    case .dispatcher: .postgresDispatcherDSN
    }
  }
}

extension Variables {
  /// The login of each.
  func postgresDSNs() throws(SettingError) -> [PostgresUser: String] {
    var dsns: [PostgresUser: String] = [:]
    let owner = try text(.postgresDSN)
    for user in PostgresUser.allCases {
      let own = try text(user.setting)
      dsns[user] = own.isEmpty ? owner : own
    }
    return dsns
  }
}
