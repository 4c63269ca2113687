package import Redis
package import Service

extension Redis.Address {
  /// The address of Redis.
  ///
  /// - Throws: When REDIS_URL can't be read.
  package init(_ settings: Settings) throws(SettingError) {
    do throws(RedisError) {
      try self.init(parsing: settings.redisURL)
    } catch {
      throw SettingError(
        name: Setting.redisURL.name, value: settings.redisURL,
        expected: "redis://[[user]:password@]host[:port][/database] or "
          + "unix:///path/to.sock[?db=database] (\(error.message))")
    }
  }
}
