import JSON

/// What isn't there for a caller, in Shlink's words.
extension Problem {
  package static func noShortURL(_ code: String, domain: String?) -> Problem {
    var members = [JSONObject.Member("shortCode", .string(code))]
    var place = ""
    if let domain {
      members.append(.init("domain", .string(domain)))
      place = " for domain \"\(domain)\""
    }
    return Problem(
      ProblemType.Shlink.shortURLNotFound,
      detail: "No URL found with short code \"\(code)\"\(place)", members: members)
  }

  package static func noTag(_ name: String) -> Problem {
    Problem(
      ProblemType.Shlink.tagNotFound, detail: "Tag with name \"\(name)\" could not be found",
      members: [.init("tag", .string(name))])
  }

  package static func noDomain(_ authority: String) -> Problem {
    Problem(
      ProblemType.Shlink.domainNotFound,
      detail: "Domain with authority \"\(authority)\" could not be found",
      members: [.init("authority", .string(authority))])
  }
}
