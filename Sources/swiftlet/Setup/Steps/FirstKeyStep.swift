import Access
import Management
import Service

/// Makes the first API key, if there is no key at all.
struct FirstKeyStep: SetupStep {
  let title = "API keys: the first one"

  func run(_ host: SetupHost, isDry: Bool) throws -> SetupResult {
    try host.asPrograms {
      let installation = try Installation()
      if isDry {
        let hasKeys = try? installation.withStores { stores in try FirstKey.isMade(stores) }
        return hasKeys == true ? .kept("the keys that are there") : .made("a key", isDry: true)
      }
      let chosen = try FirstKey.chosen(installation.settings)
      let secret = chosen ?? KeySecret.random()
      guard try installation.withStores({ try FirstKey.make(secret, $0) }) else {
        return .kept("the keys that are there")
      }
      guard chosen == nil else { return .made("INITIAL_API_KEY is an API key now") }
      return .made("it has all rights, and is shown this one time:", remarks: ["  " + secret.text])
    }
  }
}
