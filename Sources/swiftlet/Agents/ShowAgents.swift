import ArgumentParser
import JSON
import Visitors

/// `swiftlet agents show`: what user agents are taken for.
struct ShowAgents: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show what a user agent is taken for.",
    discussion: "Without an argument it reads user agents from standard input, one a line.")

  @Argument(help: "A user agent.")
  var agent: String?

  @OptionGroup var output: OutputOptions

  func run() {
    if let agent { return show(agent) }
    while let line = readLine() { show(line) }
  }

  private func show(_ text: String) {
    var copy = text
    let agent = copy.withUTF8 { AgentTable.shared.agent($0) }
    output.print(
      json: { writer in
        writer.beginObject()
        for (key, value) in Self.fields(of: agent) {
          writer.key(key)
          writer.string(value)
        }
        writer.key("browser_version")
        writer.number(Int(agent.browserMajor))
        writer.endObject()
      },
      text: {
        let version = agent.browserMajor > 0 ? " \(agent.browserMajor)" : ""
        return Self.fields(of: agent).map { "\($0): \($1)" }.joined(separator: ", ") + version
      })
  }

  private static func fields(of agent: Agent) -> [(String, String)] {
    [
      ("bot", "\(agent.bot)"), ("device", "\(agent.device)"), ("os", "\(agent.system)"),
      ("browser", "\(agent.browser)"),
    ]
  }
}
