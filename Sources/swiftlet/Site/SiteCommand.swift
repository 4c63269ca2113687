import ArgumentParser
import Service

/// `swiftlet site`: nginx's site of this installation.
struct SiteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "site",
    abstract: "Print nginx's site file, or put it in place.",
    discussion: """
      Filled in from the settings, mostly those of the groups nginx, tls and processes. Install it again \
      when one of them has changed. It includes the rules of /etc/nginx/swiftlet (nginx-config/swiftlet) and \
      this machine's own lines: /etc/nginx/swiftlet-local/http-*.conf for the http block, server-*.conf for \
      the server.
      """)

  @Flag(
    help: """
      As root: put it in place if nginx finds it good (nginx -t), keep the one before \
      (sites-available/swiftlet.conf.before), and let nginx reload, also when the site is as it was.
      """)
  var install = false

  func run() throws {
    try Outcome.reporting {
      if install {
        for line in try SiteInstallation(Variables.loadOfHost()).install().lines { print(line) }
      } else {
        print(SiteFile(values: try SiteValues(Variables.loadOfHost())).text, terminator: "")
      }
    }
  }
}
