import Access
import Management
import Service

/// Makes the first API key, if there is no key at all.
struct FirstKeyStep: SetupStep {
  let title = "API keys: the first one"
  /// A run that was broken off may have shown its key to nobody.
  private static let kept = "the keys that are there; swiftlet key create makes another one"

  func run(_ host: SetupHost, isDry: Bool) throws -> SetupResult {
    try host.asPrograms {
      let installation = try Installation(host.variables)
      if isDry {
        let hasKeys = try? installation.withStores { stores in try FirstKey.isMade(stores) }
        return hasKeys == true ? .kept(Self.kept) : .made("a key", isDry: true)
      }
      let chosen = try FirstKey.chosen(installation.settings)
      let secret = chosen ?? KeySecret.random()
      guard try installation.withStores({ try FirstKey.make(secret, $0) }) else {
        return .kept(Self.kept)
      }
      guard chosen == nil else { return .made("INITIAL_API_KEY is an API key now") }
      return .made("it has all rights, and is shown this one time:", remarks: ["  " + secret.text])
    }
  }
}
