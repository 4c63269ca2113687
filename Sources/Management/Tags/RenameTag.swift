package import API
package import Access
package import Metrics
package import Web

/// `PUT /rest/v3/tags`: gives a tag another name.
package struct RenameTag: Operation {
  package typealias Output = NoContent
  package typealias Failure = ManagementFailure
  package typealias Stores = ManagementStores

  package struct Input: Sendable {
    package let name: TagName
    package let newName: TagName

    package init(_ name: TagName, to newName: TagName) {
      self.name = name
      self.newName = newName
    }
  }

  package static let route = Route.put("/rest/v3/tags")
  package static let permission = Permission.edit(.tags)
  package static let topic = Topic.tags
  package static let summary = "Rename a tag"
  package static let details = "All links that have the tag keep it. Tags aren't joined by this."
  package static let body = BodyForm.lenient
  package static let problems = [
    ProblemType.Shlink.forbiddenTagOperation, ProblemType.Shlink.tagNotFound,
    ProblemType.Shlink.tagConflict,
  ]
  package static let endpoint = Endpoint.tags

  package init() {}

  package func input(from reader: inout InputReader) -> Input {
    Input(
      reader.required("oldName", .tag, "The tag's name."),
      to: reader.required("newName", .tag, "Its name from now on."))
  }

  package func perform(
    _ input: Input, for caller: Caller, in stores: ManagementStores
  ) throws(ManagementFailure) -> NoContent {
    guard !caller.isRestricted else { throw .tags(.forbidden(verb: "rename")) }
    let renaming = try stores.units.perform("rename a tag", for: caller) {
      unit throws(TableError) in try unit.tags.rename(input.name, to: input.newName)
    }
    switch renaming {
    case .renamed: return NoContent()
    case .notFound: throw .tags(.notFound(input.name))
    case .taken: throw .tags(.conflict(input.name, newName: input.newName))
    }
  }
}
