import AMQP
import ClickHouse
import Postgres
import Redis
import Service
import Sessions

extension Variables {
  /// Reads every setting as the programs do.
  ///
  /// - Throws: `SettingError` of the first one that is wrong.
  func check() throws(SettingError) {
    for setting in SettingGroup.all.flatMap(\.settings) { _ = try text(setting) }
    try Settings(self).checkAddresses()
  }
}

extension Settings {
  /// Reads the engines' addresses as the wrappers do that connect by them.
  ///
  /// - Throws: `SettingError` of the first one that is wrong.
  func checkAddresses() throws(SettingError) {
    for user in PostgresUser.allCases { try checkDSN(of: user) }
    _ = try Redis.Address(self)
    _ = try rabbitMQ { BrokerAddress(url: $0) }
    _ = try clickHouse { ServerAddress(url: $0) }
  }

  private func checkDSN(of user: PostgresUser) throws(SettingError) {
    let dsn = postgresDSN(of: user)
    guard let complaint = ConnectionOptions.complaint(about: dsn) else { return }
    throw SettingError(
      name: user.setting.name, value: dsn, expected: "\(SettingForm.dsnForm) (\(complaint))")
  }
}
