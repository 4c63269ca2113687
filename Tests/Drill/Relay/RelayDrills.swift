import Foundation
import TestSupport

/// The relay, and what it knows of its progress.
extension Drills {
  static let relay: [Drill] =
    basics(of: .relay) + [
      // K5 to K8 and K10: before publishing, before the confirm, before the progress is kept, before
      // a journal is removed; a confirm that never comes.
      Drill(
        name: "clicks-survive-relay-kill-points",
        claim: "\(Promise.clicks.claim) when the relay is killed at any step, or loses a confirm.",
        mustSee: [.resend]
      ) { scene in
        try scene.kill(.relay, at: ["sendmsg,sendto,writev", "poll,ppoll"], upTo: 12)
        try scene.kill(.relay, at: ["fsync", "rename", "fsync", "unlinkat"], upTo: 2)
        for _ in 0..<3 {
          try scene.faults.fail(
            .relay, at: "recvfrom,recvmsg,read", with: "ECONNRESET",
            count: Int.random(in: 1...8, using: &scene.faults.random))
        }
      },
      // K8: the journal is gone, and the progress that is written down doesn't say so.
      Drill(
        name: "clicks-survive-relay-killed-after-unlink",
        claim: "\(Promise.clicks.claim) when the relay is killed right after it removed a journal."
      ) { scene in
        for _ in 0..<3 {
          try scene.reach("after an unlink") { faults in
            try faults.kill(.relay, after: "unlinkat")
          }
        }
      },
      // The relay's progress lost, and then an old one in its place.
      Drill(
        name: "clicks-count-once-relay-progress-lost",
        claim: "Each click counts once when the relay's progress is lost, or is an old one.",
        mustSee: [.resend]
      ) { scene in
        let progress = try TestStack.value("STATE_DIR") + "/relay-cursors"
        let old = try? Data(contentsOf: URL(fileURLWithPath: progress))
        scene.pause(3)
        for content in [nil, old] {
          try Component.relay.whileStopped {
            unlink(progress)
            try content?.write(to: URL(fileURLWithPath: progress))
          }
          scene.pause(3)
        }
      },
    ]
}
