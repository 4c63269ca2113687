import JSON
package import Web

/// Why an operation on tags isn't done, in Shlink's words.
package enum TagFailure: Answerable {
  /// The caller's tenant has no tag of this name.
  case notFound(TagName)
  /// A tag can't get the name of another one.
  case conflict(TagName, newName: TagName)
  /// The caller sees only some links, and may not do this to tags.
  case forbidden(verb: String)
  /// More links have the tags than one request takes them from.
  case tooManyLinks

  package var problem: Problem {
    switch self {
    case .notFound(let name): .noTag(name.description)
    case .conflict(let name, let newName):
      Problem(
        ProblemType.Shlink.tagConflict,
        detail: "You cannot rename tag \(name) to \(newName), because it already exists",
        members: [
          .init("oldName", .string(name.description)),
          .init("newName", .string(newName.description)),
        ])
    case .forbidden(let verb):
      Problem(
        ProblemType.Shlink.forbiddenTagOperation, detail: "You are not allowed to \(verb) tags")
    case .tooManyLinks:
      Problem(
        ProblemType.Shlink.forbiddenTagOperation,
        detail: """
          More than \(TagTable.limitOfDeletion) links have these tags. Delete fewer tags at once, or on the \
          server by `swiftlet tag delete`.
          """)
    }
  }
}
