// The engines' addresses, which are only texts here; the engines' wrappers can read them.
extension Settings {
  /// The server that `CLICKHOUSE_URL` names.
  ///
  /// - Parameter read: The wrapper's reader; nil for a URL that it can't use.
  /// - Returns: What the wrapper made of it.
  /// - Throws: `SettingError` when it could make nothing of it.
  package func clickHouse<Address>(_ read: (String) -> Address?) throws(SettingError) -> Address {
    try address(.clickHouseURL, clickHouseURL, read)
  }

  /// The broker that `RABBITMQ_URL` names.
  ///
  /// - Parameter read: The wrapper's reader; nil for a URL that it can't use.
  /// - Returns: What the wrapper made of it.
  /// - Throws: `SettingError` when it could make nothing of it.
  package func rabbitMQ<Address>(_ read: (String) -> Address?) throws(SettingError) -> Address {
    try address(.rabbitMQURL, rabbitMQURL, read)
  }

  private func address<Address>(
    _ setting: Setting, _ url: String, _ read: (String) -> Address?
  ) throws(SettingError) -> Address {
    if let address = read(url) { return address }
    guard case .url(_, let form) = setting.form else {
      preconditionFailure("\(setting.name) is declared as something else than a URL")
    }
    throw SettingError(name: setting.name, value: url, expected: form)
  }
}
