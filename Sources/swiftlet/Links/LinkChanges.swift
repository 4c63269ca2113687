import ArgumentParser
import JSON
import Links
import Lookup
import Management
import Service
import Sessions

/// One change of the links that a command names: made, announced and reported.
struct LinkChanges {
  /// How many links are changed by one commit at most: it holds up other changes of them.
  private static let largestBatch = 512
  /// Nobody waits behind this command, so Redis gets more time than a request would give it.
  private static let redisTimeoutMilliseconds = 1000

  private let installation: Installation
  private let output: OutputOptions

  init(_ installation: Installation, _ output: OutputOptions) {
    self.installation = installation
    self.output = output
  }

  /// Makes the change.
  ///
  /// All arguments are read before anything is changed.
  ///
  /// - Throws: `notFound` when it wasn't made for all of them, after it was made for the others.
  func make(_ change: ShortURLChange, of arguments: [String]) throws {
    let settings = installation.settings
    let readings = try arguments.map { try Slug.readings(argument: $0, settings) }
    let postgres = installation.postgres()
    let redis = try RedisSession(
      settings,
      timeoutMilliseconds: max(
        settings.redisTimeoutMilliseconds, Self.redisTimeoutMilliseconds), log: installation.log)
    let keys = try keys(of: readings, LinkStore(postgres, settings))
    let operation = ChangeShortURLs(ShortURLTable(postgres, settings), redis: redis)
    var (rest, changed) = (keys.found[...], [Link]())
    // What is done is told, also when an engine fails behind it.
    defer { tell(changed) }
    var isAnnounced = true
    while !rest.isEmpty {
      let answer = try operation.perform(change, on: Array(rest.prefix(Self.largestBatch)))
      rest = rest.dropFirst(Self.largestBatch)
      changed += answer.changed
      for link in answer.refused {
        Outcome.complain("\(link.slug) is deleted: it can't be changed")
      }
      if let failure = answer.unannounced, isAnnounced {
        isAnnounced = false
        Outcome.complain(
          "changed, but Redis can't be told (\(failure.debugDescription)). "
            + "The dispatcher goes on trying; until then hosts may redirect as before.")
      }
    }
    guard keys.areAll, changed.count == keys.found.count else { throw Outcome.notFound }
  }

  /// The names that links have, each once; complains of arguments that name none.
  private func keys(
    of readings: [[Slug]], _ links: LinkStore
  ) throws -> (found: [LinkKey], areAll: Bool) {
    var (keys, known, areAll) = ([LinkKey](), Set<LinkKey>(), true)
    for slugs in readings {
      if let link = try links.find(firstOf: slugs) {
        if known.insert(link.key).inserted { keys.append(link.key) }
      } else {
        areAll = false
        Outcome.complain("there is no link \(slugs[slugs.count - 1])")
      }
    }
    return (keys, areAll)
  }

  private func tell(_ links: [Link]) {
    guard output.json || !links.isEmpty else { return }
    let base = installation.settings.baseURL.description
    output.print(
      json: { json in
        json.beginArray()
        for link in links { link.writeWithState(to: &json, base: base) }
        json.endArray()
      },
      text: {
        links.map { link in
          "\(link.state.rawValue)  \(link.shortURL(base: base))"
            + (link.state == .deleted ? "" : "  \(link.destination)")
        }.joined(separator: "\n")
      })
  }
}
