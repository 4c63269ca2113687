import Access
import Management
import Service

/// The key of `INITIAL_API_KEY`.
enum FirstKey {
  /// Makes it a key with all rights, if there is no key at all.
  static func make() throws {
    let installation = try Installation()
    let text = installation.settings.initialAPIKey
    guard !text.isEmpty else { return }
    guard let secret = KeySecret(text.utf8) else {
      throw SettingError(
        name: "INITIAL_API_KEY", value: text,
        expected: "without \(KeySecret.mark) at its beginning, unless `swiftlet` made it")
    }
    let made = try installation.withStores { stores in
      try stores.units.perform("make the first API key", for: .operator) {
        unit throws(TableError) in try unit.keys.createFirst(secret)
      }
    }
    if made != nil { Outcome.note("INITIAL_API_KEY is an API key now") }
  }
}
