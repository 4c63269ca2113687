/// The consumer, and consumers of two hosts.
extension Drills {
  static let consumer: [Drill] = basics(of: .consumer) + consumerDeaths + stalls

  private static let consumerDeaths: [Drill] = [
    // K11 to K16: batch open, sealed, sent, stored, counted, before the acknowledgement.
    Drill(
      name: "clicks-survive-consumer-kill-points",
      claim: "\(Promise.clicks.claim) when the consumer is killed at any step of a batch.",
      mustSee: [.redelivery, .settle]
    ) { scene in
      try scene.kill(
        .consumer, at: ["connect", "recvfrom,recvmsg,read", "sendto,sendmsg,writev"], upTo: 9)
      try scene.kill(.consumer, at: ["connect", "poll,ppoll", "sendto,sendmsg,writev"], upTo: 9)
      for _ in 0..<3 {
        try scene.faults.fail(
          .consumer, at: "recvfrom,recvmsg,read", with: "ECONNRESET",
          count: Int.random(in: 1...12, using: &scene.faults.random))
      }
    },
    Drill(
      name: "clicks-survive-consumer-kill-points-short",
      claim: "\(Promise.clicks.claim) when the consumer is killed as it connects or sends.",
      mustSee: [.redelivery]
    ) { scene in
      try scene.kill(.consumer, at: ["connect", "sendto,sendmsg,writev"], upTo: 5)
    },
    Drill(
      name: "visits-deleted-alone-consumer-kill-points",
      claim: "A deletion takes all visits of its link and no other's when the consumer is killed."
    ) { scene in try VisitDeletion.happen(&scene) },
    // Stopped for longer than the broker waits for a heartbeat: it must settle anew.
    Drill(
      name: "clicks-count-once-consumer-zombie",
      claim: "Each click counts once when a consumer wakes up after RabbitMQ has given it up.",
      mustSee: [.redelivery], rate: 150
    ) { scene in
      try scene.faults.freeze(.consumer, seconds: 100)
    },
    Drill(
      name: "clicks-count-once-two-hosts-consume",
      claim: "Each click counts once while two hosts' consumers are killed, stopped and restarted.",
      mustSee: [.standby, .takeover, .redelivery],
      prepare: OtherHost.hurry, cleanUp: OtherHost.stopHurrying
    ) { scene in
      var other = try OtherHost()
      for turn in 0..<30 {
        switch turn % 5 {
        case 0: try scene.faults.kill(.consumer)
        case 1: try other.kill()
        // The consumer that is not stopped takes over; then the stopped one goes on where it was.
        case 2: try other.freeze(seconds: Double.random(in: 1...2, using: &scene.faults.random))
        case 3:
          try scene.faults.freeze(
            .consumer, seconds: Double.random(in: 0.2...1, using: &scene.faults.random)
          ) { try other.restart() }
        default: try scene.faults.restart(.consumer)
        }
        scene.pause(Double.random(in: 0.1...1.5, using: &scene.faults.random))
      }
      other.stop()
      scene.pause(2)
    },
  ]
}
