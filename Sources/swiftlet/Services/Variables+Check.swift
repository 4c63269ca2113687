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
    _ = try checkedSettings()
  }

  /// The settings, once the engines' addresses are right.
  ///
  /// libpq itself would quote a piece of a password.
  ///
  /// - Throws: `SettingError` of the first one that is wrong.
  func checkedSettings() throws(SettingError) -> Settings {
    let settings = try Settings(self)
    do throws(SettingError) {
      try settings.checkAddresses()
    } catch {
      throw located(error)
    }
    return settings
  }

  /// Settings that no program of a host reads from its file.
  private static let ofOthers = [
    Setting.initialAPIKey, .supervisor, .shortenerRole, .port, .brokerPage,
  ].map(\.name)

  /// What is said of settings that programs with the settings file alone don't get; nil without any.
  var complaintOfUnseen: String? {
    let names = SettingGroup.all.flatMap(\.settings).filter(isInEnvironmentAlone).map(\.name)
      .filter { !Self.ofOthers.contains($0) }
    guard !names.isEmpty else { return nil }
    let place = file ?? SettingsFile.places.last ?? ""
    return "the environment says \(names.joined(separator: ", ")), and the programs read \(place) "
      + "alone: write it there, or unset it"
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
