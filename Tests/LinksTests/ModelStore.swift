import Links

/// What a store promises, in memory: two numbers, terms by its own clock, ceilings on record.
struct ModelStore {
  let numbers: Range<Int>
  let forgets: Bool
  var owners: [Int: (owner: Int, until: Int64)] = [:]
  var last: [Int: Int64] = [:]
  var settledAt: Int64 = 0
  /// What stands in for timestamps that were forgotten.
  var base: Int64?
  /// The run that last gave a number, as it is on record: lost with the rest.
  var recordedRun: Int?
  /// The run of the server itself.
  var run = 0

  mutating func acquire(
    owner: Int, term: Int64, wall: Int64, now: Int64, latest: Int64
  ) -> LeaseAnswer {
    if forgets {
      if recordedRun != run { (recordedRun, settledAt) = (run, now + term) }
      if now < settledAt { return .gracePeriod(milliseconds: settledAt - now) }
      base = base ?? latest
    }
    for number in numbers where (owners[number]?.until ?? .min) <= now {
      let before = last[number] ?? base ?? -1
      let ceiling = max(before, wall) + term
      owners[number] = (owner, now + term)
      last[number] = ceiling
      return .granted(number: number, last: before, ceiling: ceiling)
    }
    return .noneFree
  }

  mutating func renew(
    _ number: Int, owner: Int, term: Int64, ceiling: Int64, now: Int64
  ) -> Int64? {
    // Redis removes what has run out; PostgreSQL keeps it until somebody else takes it.
    guard let held = owners[number], held.owner == owner, !forgets || held.until > now,
      let before = last[number]
    else { return nil }
    let recorded = max(before, ceiling)
    owners[number] = (owner, now + term)
    last[number] = recorded
    return recorded
  }

  mutating func release(_ number: Int, owner: Int, last timestamp: Int64) {
    guard owners[number]?.owner == owner else { return }
    owners[number] = nil
    last[number] = timestamp
  }

  /// Starts anew with what an older copy knew, or with nothing.
  mutating func restart(with copy: ModelStore?) {
    let next = run + 1
    self = copy ?? ModelStore(numbers: numbers, forgets: forgets)
    run = next
  }
}
