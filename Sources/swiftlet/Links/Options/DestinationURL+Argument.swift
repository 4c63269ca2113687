import ArgumentParser
import Destinations
import Links
import Management
import Service

extension DestinationURL {
  /// An argument that a link may lead to.
  ///
  /// - Throws: `ValidationError` for what it may not lead to.
  init(argument: String, _ settings: Settings) throws {
    let ownHosts = try OwnHosts(settings)
    do throws(DestinationURLError) {
      try self.init(argument, ownHosts: ownHosts)
    } catch {
      throw ValidationError(error.description)
    }
  }
}
