/// The drills that somebody has chosen by DRILL=.
struct Selection {
  /// A word that names no drill, no part and no choice.
  struct UnknownName: Error, CustomStringConvertible {
    let name: String

    /// Tells what there is instead, and last what is wrong.
    var description: String { "\(Catalog.text)\n\nNo drill has the name \(name): see above." }
  }

  /// The words that stand for several drills, apart from the parts' names.
  enum Choice: String, CaseIterable {
    case all, short, shipped
    case shippedShort = "shipped-short"
    case random

    var meaning: String {
      switch self {
      case .all: "every drill but random"
      case .short: "those of make test"
      case .shipped: "those that show something by production's settings, for AS_SHIPPED=1"
      case .shippedShort: "those of them that make test runs"
      case .random:
        "SCENARIOS of faults by chance, the first from SEED, the next from SEED + 1, …"
      }
    }

    fileprivate func drills(seed: UInt64, scenarios: Int) -> [Drill] {
      switch self {
      case .all: Drills.named
      case .short: Drills.named.filter { Drills.short.contains($0.name) }
      case .shipped: Drills.named.filter { Drills.shipped.contains($0.name) }
      case .shippedShort: Drills.named.filter { Drills.shippedShort.contains($0.name) }
      case .random: (0..<UInt64(scenarios)).map { Drills.random(seed &+ $0) }
      }
    }
  }

  let drills: [Drill]

  /// Finds what the words name.
  ///
  /// - Parameters:
  ///   - words: Names of drills, of parts or of choices, also several with commas between them.
  ///   - seed: Of the first scenario by chance.
  ///   - scenarios: How many of them.
  /// - Throws: When a word names nothing.
  init(_ words: [String], seed: UInt64 = 0, scenarios: Int = 1) throws(UnknownName) {
    var drills: [Drill] = []
    for name in words.flatMap({ $0.split(separator: ",").map(String.init) }) {
      if let choice = Choice(rawValue: name) {
        drills += choice.drills(seed: seed, scenarios: scenarios)
      } else if let part = Part(rawValue: name) {
        drills += part.drills
      } else if let drill = Drills.named.first(where: { $0.name == name }) {
        drills.append(drill)
      } else {
        throw UnknownName(name: name)
      }
    }
    self.drills = drills
  }
}
