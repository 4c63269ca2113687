/// Retry workers.
extension Drills {
  static let spare: [Drill] = basics(
    of: .spare,
    kill: { scene in
      // It serves only when a worker of the first pool has failed.
      for _ in 0..<4 {
        try scene.faults.kill(.worker)
        try scene.faults.kill(.spare)
        scene.pause(1)
      }
    })
}
