import Foundation
import TestSupport

/// Batches that a consumer of the release before goes on to store while the migration comes and breaks off.
///
/// It stores one after the other, so at each moment the last one may lack its counts.
struct LateBatches {
  private(set) var stored = 0
  private var isRefused = false
  private var last: [OldClick]
  private var lacking: OldGate.Targets

  init(_ scene: Scene) {
    last = scene.seam?.clicks.last ?? []
    lacking = scene.seam?.lacking ?? []
  }

  /// Completes the last batch and stores the clicks of the next one, as long as the old tables
  /// have their names; afterwards it must be refused.
  mutating func store(_ scene: inout Scene) throws {
    guard let seam = scene.seam, let some = last.randomElement(using: &scene.faults.random) else {
      return
    }
    let click = some.again(inBatch: some.batch + 1)
    do {
      try seam.store.count(last, by: lacking)
      lacking = []
      try seam.store.store([click], counts: [])
    } catch is OldClickHouse.Refused {
      isRefused = true
      return
    }
    if isRefused { scene.complaints.append("an old batch was stored after one was refused") }
    stored += 1
    OldClicks.tell(scene.oracle, click)
    (last, lacking) = ([click], .counts)
  }
}
