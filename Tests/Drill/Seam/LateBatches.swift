import Foundation
import TestSupport

/// Batches that a consumer of before goes on to store while the migration comes and breaks off.
struct LateBatches {
  private(set) var stored = 0
  private var isRefused = false
  private var batch: Int

  init(_ scene: Scene) { batch = scene.seam?.clicks.last.first?.batch ?? 0 }

  /// Stores a batch of one click, as long as the tables of before have their names; afterwards it must
  /// be refused.
  mutating func store(_ scene: inout Scene) throws {
    guard let seam = scene.seam, let some = seam.clicks.last.randomElement() else { return }
    batch += 1
    let click = OldClick(
      event: PlantedJournal.event(), code: some.code, seconds: some.seconds, address: some.address,
      agent: some.agent, referrer: some.referrer, journal: PlantedJournal.name(), end: 200,
      batch: batch, day: some.day)
    do {
      try seam.store.store([click])
    } catch is OldClickHouse.Refused {
      isRefused = true
      return
    }
    if isRefused { scene.complaints.append("an old batch was stored after one was refused") }
    stored += 1
    OldClicks.tell(scene.oracle, click)
  }
}
