import Access
import ArgumentParser
import JSON
import Management

/// `swiftlet tag rename OLD NEW`.
struct RenameTagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename", abstract: "Give a tag another name; its links keep it.",
    discussion: "Exits with 1 if there is no such tag, or another one with the new name.")

  @Argument(help: "The tag's name.")
  var name: String

  @Argument(help: "Its name from now on.")
  var newName: String

  @OptionGroup var tenant: TenantOption
  @OptionGroup var output: OutputOptions

  func run() throws {
    try Outcome.reporting {
      let input = RenameTag.Input(
        try TagName(argument: name), to: try TagName(argument: newName))
      try Installation().withStores { stores in
        _ = try RenameTag().perform(input, for: tenant.caller(stores), in: stores)
      }
      output.print(
        json: { json in
          json.beginObject()
          json.key("oldName")
          json.string(input.name.description)
          json.key("newName")
          json.string(input.newName.description)
          json.endObject()
        },
        text: {
          "renamed  \(input.name.description.printable)  \(input.newName.description.printable)"
        })
    }
  }
}
