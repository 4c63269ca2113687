import API
import Access
import Analytics
import ArgumentParser
import JSON
import Web

/// `swiftlet visits delete`: deletes the visits of a link, or those that met no link.
struct DeleteVisitsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete the visits of a link, or those that met no link.",
    discussion: """
      There is no way back. The consumer carries it out, usually within some seconds. Exits with 1 if there is \
      no such link.
      """)

  @Argument(help: "The link's short code.")
  var code: String?

  @Option(help: "The link's domain. (default: the default one)")
  var domain: String?

  @Flag(help: "The visits that met no link.")
  var orphans = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (code != nil) != orphans else { throw ValidationError("name a CODE, or --orphans") }
    guard domain == nil || code != nil else { throw ValidationError("--domain is for a CODE") }
  }

  func run() throws {
    try Outcome.reporting {
      let deleted = try delete()
      output.print(json: deleted.write, text: { "deleted \(deleted.count) visits" })
    }
  }

  private func delete() throws -> DeletedVisits {
    let stores = try Installation().analytics()
    guard let code else {
      return try DeleteOrphanVisits().perform(NoInput(), for: .operator, in: stores)
    }
    let operation = DeleteLinkVisits()
    let parameters = domain.map { [QueryString.Parameter(name: "domain", value: $0)] } ?? []
    var reader = InputReader(
      path: ["shortCode": code], query: QueryString(parameters), members: JSONObject(), .none)
    let input = operation.input(from: &reader)
    if let complaint = reader.complaints.first {
      throw ValidationError("\(complaint.option) \(complaint.value.reason)")
    }
    return try operation.perform(input, for: .operator, in: stores)
  }
}
