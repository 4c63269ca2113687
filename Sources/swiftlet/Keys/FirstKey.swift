import API
import Access
import Management
import Service

/// The first API key of an installation.
enum FirstKey {
  /// Makes `INITIAL_API_KEY` a key with all rights, if there is no key at all.
  static func make() throws {
    let installation = try Installation()
    guard let secret = try chosen(installation.settings) else { return }
    let isMade = try installation.withStores { try make(secret, $0) }
    if isMade { Outcome.note("INITIAL_API_KEY is an API key now") }
  }

  /// The key that the operator chose by `INITIAL_API_KEY`; nil for none.
  static func chosen(_ settings: Settings) throws(SettingError) -> KeySecret? {
    let text = settings.initialAPIKey
    guard !text.isEmpty else { return nil }
    guard let secret = KeySecret(text.utf8) else {
      throw SettingError(
        name: "INITIAL_API_KEY", value: text,
        expected: "without \(KeySecret.mark) at its beginning, unless `swiftlet` made it")
    }
    return secret
  }

  /// Makes a key with all rights, if there is no key at all.
  ///
  /// - Returns: Whether it was made.
  static func make(_ secret: KeySecret, _ stores: ManagementStores) throws -> Bool {
    try stores.units.perform("make the first API key", for: .operator) {
      unit throws(TableError) in try unit.keys.createFirst(secret)
    } != nil
  }

  /// Whether the default tenant has keys.
  static func isMade(_ stores: ManagementStores) throws -> Bool {
    try !ListKeys().perform(Page(size: 1), for: .operator, in: stores).keys.isEmpty
  }
}
