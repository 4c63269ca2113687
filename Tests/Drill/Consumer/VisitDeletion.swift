import TestSupport

/// Deletions of a link's visits that the consumer is to carry out, while it is killed.
enum VisitDeletion {
  private static let visits = 50

  /// Visits a link of its own, has its visits deleted, and kills the consumer, again and again.
  ///
  /// The oracle doesn't know of these visits: what is left of them at the end is spurious.
  static func happen(_ scene: inout Scene) throws {
    guard scene.seam == nil else {
      scene.notes.append("nothing is deleted while old clicks are carried")
      return
    }
    guard let code = scene.links.cold(Links.coldCount / 2), let link = scene.links.scope(of: code)
    else { throw DrillError("there is no link to visit") }
    for (turn, calls) in ["connect", "sendto,sendmsg,writev", "poll,ppoll"].enumerated() {
      try visit(code, scene)
      guard try eventually(seconds: 60, { try count(of: link) == visits }) else {
        throw DrillError("\(try count(of: link)) of \(visits) visits of \(code) are stored")
      }
      try Operator.must(["visits", "delete", code])
      try scene.kill(.consumer, at: [calls], upTo: 9)
      let done = "SELECT count() FROM visit_deletions WHERE scope = \(link) AND step = 'done'"
      guard try eventually(seconds: 60, { try number(done) > turn && count(of: link) == 0 }) else {
        return scene.complaints.append("deletion \(turn + 1) of \(code) is not done within 60 s")
      }
    }
    scene.notes.append("3 deletions")
  }

  private static func visit(_ code: String, _ scene: Scene) throws {
    let site = try HTTPClient.site()
    var answered = 0
    let areAnswered = eventually(seconds: 60) {
      let answer = try? site.get("/" + code, [("User-Agent", scene.links.agent + "deleted")])
      if answer?.status == 301 { answered += 1 }
      return answered == visits
    }
    guard areAnswered else { throw DrillError("\(code) led on \(answered) times") }
  }

  private static func count(of link: UInt64) throws -> Int {
    try number("SELECT count() FROM visits WHERE link = \(link)")
  }

  private static func number(_ question: String) throws -> Int {
    try Tables.rows(question).first?.first.flatMap { Int($0) } ?? -1
  }
}
