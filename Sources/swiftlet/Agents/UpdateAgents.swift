import ArgumentParser
import Files
import JSON
import Visitors

/// `swiftlet agents update`: the list of bots as Swift, from the one of crawler-user-agents.
struct UpdateAgents: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "update",
    abstract: "Print the list of bots as Swift, for Sources/Visitors/Agents/BotList+Texts.swift.",
    discussion: """
      FILE is crawler-user-agents.json of the PyPI or npm package crawler-user-agents (MIT). The \
      programs have the list inside, so they are built again afterwards.
      """)

  @Argument(help: "crawler-user-agents.json", completion: .file())
  var file: String

  @Option(help: "The package's version, for the comment.")
  var listVersion = "unknown"

  func run() throws {
    try Outcome.reporting {
      print(try source(try File.bytes(argument: file, atMost: 64 << 20)), terminator: "")
    }
  }

  private static func entries(_ bytes: [UInt8]) throws -> [JSONValue] {
    do throws(JSONError) {
      return try JSONValue(parsing: bytes).array ?? []
    } catch {
      throw ValidationError("the file is not JSON: \(error)")
    }
  }

  private func source(_ bytes: [UInt8]) throws -> String {
    var texts: [BotClass: [String]] = [:]
    var classes: [BotClass] = []
    for entry in try Self.entries(bytes) {
      guard let pattern = entry.object?["pattern"]?.string else {
        throw ValidationError("an entry of the list has no pattern")
      }
      let tags = (entry.object?["tags"]?.array ?? []).compactMap(\.string)
      let bot = Self.botClass(tags)
      guard let found = BotPattern.texts(of: pattern) else {
        throw ValidationError("no texts are known for the pattern \(pattern): see BotPattern")
      }
      if texts[bot] == nil { classes.append(bot) }
      texts[bot, default: []] += found.filter { !(texts[bot] ?? []).contains($0) }
    }
    let lists = classes.map { bot in
      """
          (
            .\(bot),
            #\"""
            \(Self.lines(of: texts[bot] ?? []).joined(separator: "\\#\n      "))
            \"""#
          ),
      """
    }
    return """
      // swift-format-ignore-file
      // Made by `swiftlet agents update` from crawler-user-agents \(listVersion), https://github.com/monperrus/crawler-user-agents.
      // MIT License, Copyright (c) 2017 Martin Monperrus. `^` and `$` are the beginning and the end of a user agent.

      extension BotList {
        static let texts: [(BotClass, StaticString)] = [
      \(lists.joined(separator: "\n"))
        ]
      }

      """
  }

  /// The class of an entry's tags; a robot for a language model is that first of all.
  private static func botClass(_ tags: [String]) -> BotClass {
    let classes = tags.compactMap(BotClass.init(tag:))
    return classes.contains(.ai) ? .ai : classes.first ?? .other
  }

  /// The texts behind one another, in lines of some 160 characters.
  private static func lines(of texts: [String]) -> [String] {
    var lines: [String] = []
    for text in texts {
      if let last = lines.last, last.utf8.count + text.utf8.count < 160 {
        lines[lines.count - 1] += text + "|"
      } else {
        lines.append(text + "|")
      }
    }
    return lines
  }
}
