/// Redirect workers.
extension Drills {
  static let worker: [Drill] =
    basics(of: .worker) + [
      // K1 to K4: before and after the journal's write, before and after the answer's.
      Drill(
        name: "clicks-survive-worker-kill-points",
        claim: "\(Promise.clicks.claim) when a redirect worker is killed at any step of a request.",
        mustSee: [.second]
      ) { scene in
        try scene.kill(
          .worker, at: ["write", "write", "epoll_pwait", "write", "close"], upTo: 9)
      },
      // K1 and K2, exactly: the click's own write not carried out, and carried out without an answer.
      Drill(
        name: "clicks-count-once-worker-killed-around-write",
        claim: "A click counts once when its worker is killed right before or after its write.",
        mustSee: [.second, .twice]
      ) { scene in
        for _ in 0..<3 {
          try scene.reach("before a click's write") { faults in
            try faults.killAtJournal(before: true)
          }
          try scene.reach("after a click's write") { faults in
            try faults.killAtJournal(before: false)
          }
        }
      },
      // Frozen before the journal's write or before the answer, until the backup pool has answered.
      Drill(
        name: "clicks-count-once-worker-frozen-amid-request",
        claim: "A retry worker answers a frozen worker's request, and the click counts once.",
        mustSee: [.second, .twice]
      ) { scene in
        for turn in 1...6 {
          try scene.faults.freeze(.worker, at: "write", count: turn, seconds: 1.5)
          scene.pause(0.3)
        }
      },
    ]
}
