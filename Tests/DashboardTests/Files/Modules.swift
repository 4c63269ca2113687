import Foundation
import TestSupport

/// The page's modules as they are written, beside those that are packed: they go with this.
final class Modules {
  /// Where the site serves them.
  let address: String

  private let directory: String

  init() throws {
    let name = "modules-" + UUID().uuidString
    address = "/dashboard/assets/\(name)/"
    directory = try TestStack.value("VAR") + "/dashboard/assets/" + name
    try FileManager.default.copyItem(
      at: Repository.url("nginx-config/dashboard/page"), to: URL(fileURLWithPath: directory))
    try FileManager.default.copyItem(
      at: Repository.url(".build-dashboard/preact.js"),
      to: URL(fileURLWithPath: directory + "/preact.js"))
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }
}
