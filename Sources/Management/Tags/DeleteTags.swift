package import API
package import Access
package import Metrics
package import Web

/// `DELETE /rest/v3/tags?tags[]=…`: deletes tags.
package struct DeleteTags: Operation {
  package typealias Input = [TagName]
  package typealias Output = NoContent
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  /// How many tags one request deletes at most.
  private static let limit = 500

  package static let route = Route.delete("/rest/v3/tags")
  package static let permission = Permission.edit(.tags)
  package static let topic = Topic.tags
  package static let summary = "Delete tags"
  package static let details = """
    The tags are taken from all links that have them; the links stay. A tag that isn't there is passed over. \
    Tags that more than \(TagTable.limitOfDeletion) links have are deleted on the server, by \
    `swiftlet tag delete`.
    """
  package static let problems = [ProblemType.Shlink.forbiddenTagOperation]
  package static let endpoint = Endpoint.tags

  package init() {}

  package func input(from reader: inout InputReader) -> [TagName] {
    reader.parameters("tags", .tag, atMost: Self.limit, "The names of the tags.")
  }

  package func perform(
    _ names: [TagName], for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> NoContent {
    guard !caller.isRestricted else { throw .tags(.forbidden(verb: "delete")) }
    guard !names.isEmpty else { return NoContent() }
    // Nobody waits behind the command line, which takes as many units as it needs.
    while caller.isOfCommandLine, try thin(names, for: caller, in: stores) {}
    let isDone = try stores.units.perform("delete tags", for: caller) { unit throws(TableError) in
      try unit.tags.delete(names)
    }
    guard isDone else { throw .tags(.tooManyLinks) }
    return NoContent()
  }

  private func thin(
    _ names: [TagName], for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> Bool {
    try stores.units.perform("take tags from links", for: caller) { unit throws(TableError) in
      try unit.tags.thin(names)
    }
  }
}
