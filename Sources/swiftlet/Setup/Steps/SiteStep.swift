import Service

/// Puts nginx's site in its place.
struct SiteStep: SetupStep {
  let title = "nginx: the site"

  func run(_ host: SetupHost, isDry: Bool) throws -> SetupResult {
    let installation = try SiteInstallation(host.variables)
    guard !isDry else { return .made("the site, where it differs", isDry: true) }
    let lines = try installation.install()
    // One line says that nothing was to be done.
    return lines.count == 1
      ? .kept(lines[0]) : .made(lines[0], remarks: Array(lines.dropFirst()))
  }
}
