import Web

/// A page that nginx shows a person in place of a problem.
///
/// nginx knows most pages by the status (nginx-config/swiftlet/pages-maps.conf). It is told where several
/// pages have one status.
enum VisitorPage: String {
  case front
  case early
  case spent
}

extension Problem {
  /// The same for programs, with a page of its own for people.
  func shown(by page: VisitorPage) -> Problem {
    Problem(
      type, detail: detail, members: members,
      fields: fields + [Response.Field("X-Swiftlet-Shown", page.rawValue)])
  }

  static var gone: Problem {
    Problem(.gone, detail: "The short URL doesn't lead anywhere any more.")
  }
}
