/// The users of PostgreSQL in this installation; each may have its own login.
package enum PostgresUser: CaseIterable, Sendable {
  /// The owner of the tables: migrations, the operator's commands, and all users without their own
  /// login.
  case owner
  /// The shortener's look-up and retry workers. Its redirect workers ask nothing.
  case lookup
  case api
  case analytics
  case dispatcher

  /// The setting with its login.
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
