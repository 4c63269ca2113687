import Glibc
package import Links

/// Settings by kind: the set value, or the default.
///
/// An invalid value is reported with the valid form.
extension Variables {
  package func text(_ setting: Setting) throws(SettingError) -> String {
    let value = self[setting.name] ?? setting.fallback
    if !value.isEmpty, let expected = setting.form.expectation(for: value) {
      throw located(SettingError(name: setting.name, value: value, expected: expected))
    }
    return value
  }

  /// A number; 0 without a value and a default.
  package func integer(_ setting: Setting) throws(SettingError) -> Int {
    Int(try text(setting)) ?? 0
  }

  /// The words of a list.
  package func list(_ setting: Setting) throws(SettingError) -> [String] {
    SettingForm.words(try text(setting))
  }

  package func baseURL(_ setting: Setting) throws(SettingError) -> BaseURL {
    let value = try text(setting)
    guard let url = BaseURL(value) else {
      throw SettingError(name: setting.name, value: value, expected: BaseURL.form)
    }
    return url
  }

  func offering(_ setting: Setting) throws(SettingError) -> Offering {
    Offering(rawValue: try text(setting)) ?? .open
  }

  package func visitPolicy(_ setting: Setting) throws(SettingError) -> VisitPolicy {
    VisitPolicy(rawValue: try text(setting)) ?? .count
  }

  /// Patterns of addresses; `text` has refused what is none.
  package func addresses(_ setting: Setting) throws(SettingError) -> [AddressPattern] {
    try list(setting).compactMap { AddressPattern($0) }
  }

  func shortenerRole() throws(SettingError) -> ShortenerRole {
    let setting = Setting.shortenerRole
    guard let name = self[setting.name] else {
      return try integer(.secondTry) == 1 ? .retries : .all
    }
    guard let role = ShortenerRole(rawValue: name) else {
      throw located(
        SettingError(name: setting.name, value: name, expected: ShortenerRole.expectation))
    }
    return role
  }

  /// The number of nginx's worker processes; by default one for each processor.
  package func nginxWorkerCount() throws(SettingError) -> Int {
    let count = try integer(.nginxWorkers)
    return count > 0 ? count : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }
}
