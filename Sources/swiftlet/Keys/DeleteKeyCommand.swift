import ArgumentParser
import JSON
import Management

/// `swiftlet key delete KEY…`.
struct DeleteKeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete keys.",
    discussion: "They stop working within a second. The links that they made stay.")

  @OptionGroup var keys: NamedKeys

  func run() throws {
    try Outcome.reporting {
      try Installation().withStores { stores in
        let caller = try keys.tenant.caller(stores)
        let ids = try keys.keys.map { try KeyInput.id(of: $0, for: caller, stores) }
        for id in ids { _ = try DeleteKey().perform(id, for: caller, in: stores) }
        keys.output.print(
          json: { json in
            json.beginArray()
            for id in ids { json.number(id) }
            json.endArray()
          }, text: { keys.keys.map { "deleted  " + $0.printable }.joined(separator: "\n") })
      }
    }
  }
}
