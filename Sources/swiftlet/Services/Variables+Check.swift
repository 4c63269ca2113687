import Service

extension Variables {
  /// Reads every setting as the programs do.
  ///
  /// - Throws: `SettingError` of the first one that is wrong.
  func check() throws(SettingError) {
    for setting in SettingGroup.all.flatMap(\.settings) { _ = try text(setting) }
    _ = try Settings(self)
  }
}
