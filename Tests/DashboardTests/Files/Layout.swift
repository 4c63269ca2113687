import Foundation
import TestSupport

/// The dashboard as a stack has laid it out.
struct Layout {
  /// The files of the present assets, by their whole paths.
  let files: [String]

  /// - Parameter directory: The stack's own.
  /// - Throws: When the page says that its parts are missing.
  init(_ directory: String) throws {
    let page = try String(contentsOfFile: directory + "/dashboard/index.html", encoding: .utf8)
    guard let hash = page.firstMatch(of: /\/dashboard\/assets\/([0-9a-f]{12})\//)?.1 else {
      throw WebDriver.Refused(description: "the dashboard's parts are missing: \(page)")
    }
    let assets = directory + "/dashboard/assets/" + hash
    files = try FileManager.default.subpathsOfDirectory(atPath: assets).map { "\(assets)/\($0)" }
  }
}
