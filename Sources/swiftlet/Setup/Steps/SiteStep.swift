import Service

/// Puts nginx's site in its place.
struct SiteStep: SetupStep {
  let title = "nginx: the site"

  func run(_ host: SetupHost, isDry: Bool) throws -> SetupResult {
    let installation = try SiteInstallation(host.variables)
    guard !isDry else { return .made("the site, where it differs", isDry: true) }
    let result = try installation.install()
    return result.hasChanged
      ? .made(result.lines[0], remarks: Array(result.lines.dropFirst()))
      : .kept(result.lines.joined(separator: "; "))
  }
}
