import ArgumentParser
import Service

/// `swiftlet site`: nginx's site of this installation.
struct SiteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "site",
    abstract: "Print nginx's site file.",
    discussion: """
      Filled in from the settings, mostly those of the groups nginx and processes. Print it again when \
      one of them has changed. It includes nginx-config/swiftlet, which belongs in /etc/nginx/swiftlet.
      """)

  func run() throws {
    try Outcome.reporting {
      print(SiteFile(values: try SiteValues(Variables.load())).text, terminator: "")
    }
  }
}
