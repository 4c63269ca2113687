import Metrics
import Text

/// Checks the click's way by its numbers: those that `/metrics` shows (`MetricsSnapshot`).
struct SignalsCheck {
  private let snapshot: MetricsSnapshot

  /// With more than this in the journals the relay is behind.
  private static let plenty = 256 << 20

  private static let newsMilliseconds: Int64 = 3_600_000

  init(_ snapshot: MetricsSnapshot) {
    self.snapshot = snapshot
  }

  func findings() -> [Finding] {
    [
      depth(), drops(), relay(), queue(), deadLetters(), consumer(), batches(), insertErrors(),
    ].compactMap { $0 }
  }

  private func depth() -> Finding? {
    guard let journals = snapshot.journals else { return nil }
    let unconfirmed = journals.unconfirmedBytes >> 10
    let detail =
      "\(journals.files) files, \(journals.bytes >> 10) KiB, "
      + "\(unconfirmed) KiB of them not confirmed by the broker"
    guard !snapshot.areJournalsNearlyFull else {
      return .failed(
        "journals", detail + ", and JOURNAL_MAX_BYTES is \(snapshot.journalLimit >> 10) KiB",
        do: "start the relay and RabbitMQ at once: clicks will be dropped")
    }
    guard journals.bytes < Self.plenty else {
      return .warning(
        "journals", detail, do: "see that the relay runs, and RabbitMQ: clicks are kept here")
    }
    return .ok("journals", detail)
  }

  /// Drops are worth a warning for an hour; the sum stays for ever.
  private func drops() -> Finding {
    let count = snapshot.droppedClicks
    guard count > 0, let last = snapshot.lastDrop else { return .ok("dropped clicks", "none") }
    let time = RFC3339.string(seconds: last / 1000)
    let detail = "\(count) clicks could not be written, the last at \(time)"
    guard snapshot.time - last < Self.newsMilliseconds else {
      return .ok("dropped clicks", detail + "; none in the last hour")
    }
    return .warning(
      "dropped clicks", detail,
      do: "make room on the disk of JOURNAL_DIR, or raise JOURNAL_MAX_BYTES; this warning ends an "
        + "hour after the last one")
  }

  private func relay() -> Finding {
    let lag = snapshot.lagMilliseconds.map { "the oldest click has waited for \($0 / 1000) s" }
    let totals = snapshot.totals
    let detail =
      (lag ?? "nothing waits")
      + "; \(totals.count(.confirmedMessages, .relay)) messages confirmed, "
      + "\(totals.count(.resentMessages, .relay)) sent again"
    if totals.gauge(.isBlocked, .relay) ?? 0 > 0 {
      let blocked = detail + "; the broker asks for a pause"
      let advice =
        "give RabbitMQ memory or room on its disk (rabbitmqctl status names the alarm); the journals keep the "
        + "clicks until then"
      return snapshot.isRelayBehind
        ? .failed("relay", blocked, do: advice) : .warning("relay", blocked, do: advice)
    }
    guard !snapshot.isRelayBehind else {
      return .failed(
        "relay", detail,
        do: totals.processes(.relay) == 0
          ? "start the relay (\(Advice.restart("relay"))): clicks are kept in the journals until they are full"
          : "see the relay's log and RabbitMQ, since clicks are kept until the journals are full; one "
            + "that logs nothing hangs: \(Advice.restart("relay"))")
    }
    return .ok("relay", detail)
  }

  private func queue() -> Finding {
    let subject = "queue \(snapshot.queues[.clicks] ?? "")"
    let totals = snapshot.totals
    guard let messages = totals.gauge(.messages(.clicks), .relay),
      let consumers = totals.gauge(.consumers(.clicks), .relay)
    else {
      return .warning(
        subject, "its depth is not known: the relay has not seen it",
        do: "see that the relay runs here and has RabbitMQ")
    }
    let detail = "\(messages) messages, \(consumers) consumers"
    guard consumers > 0 else {
      let advice =
        "start the consumer (\(Advice.restart("consumer"))); clicks are kept but not counted until then"
      guard let wait = snapshot.unconsumedMilliseconds, snapshot.isConsumerBehind else {
        return .warning(subject, detail, do: advice)
      }
      return .failed(subject, detail + " for \(wait / 1000) s", do: advice)
    }
    return .ok(subject, detail)
  }

  private func deadLetters() -> Finding? {
    let subject = "queue \(snapshot.queues[.dead] ?? "")"
    guard let messages = snapshot.deadMessages else { return nil }
    guard messages > 0 else { return .ok(subject, "empty") }
    return .warning(
      subject, "\(messages) messages could not be stored",
      do: "see the consumer's log for why; swiftlet clicks redrive puts them back")
  }

  private func consumer() -> Finding? {
    let totals = snapshot.totals
    if totals.gauge(.isRefused, .consumer) ?? 0 > 0 {
      return .failed(
        "consumer", "ClickHouse refuses what it asks; clicks wait",
        do: "see the consumer's log for the error; run swiftlet migrate, or mend rights and tables")
    }
    guard let lag = snapshot.storingLagMilliseconds else { return nil }
    let messages = totals.gauge(.unacknowledgedMessages, .consumer) ?? 0
    let detail = "\(messages) messages not stored yet, the oldest for \(lag / 1000) s"
    guard lag > MetricsSnapshot.lagBoundMilliseconds else { return .ok("consumer", detail) }
    return .failed(
      "consumer", detail,
      do: "see the consumer's log, and ClickHouse; one that logs nothing hangs: "
        + Advice.restart("consumer"))
  }

  private func batches() -> Finding {
    let rows = snapshot.totals.count(.rows, .consumer)
    guard let last = snapshot.totals.latest(.batchStored, .consumer) else {
      return .ok("stored clicks", "none yet by a consumer of this host")
    }
    let age = max(0, snapshot.time - last) / 1000
    let detail = "\(rows) in all, the last batch \(age) s ago"
    let waiting = snapshot.totals.gauge(.messages(.clicks), .relay) ?? 0
    guard waiting > 0, age > 60 else { return .ok("stored clicks", detail) }
    return .warning(
      "stored clicks", detail + ", and messages wait",
      do: "see the consumer's log, and ClickHouse: statistics are late")
  }

  private func insertErrors() -> Finding {
    let errors = snapshot.totals.count(.insertErrors, .consumer)
    guard errors > 0 else { return .ok("insert errors", "none") }
    return .ok("insert errors", "\(errors) so far; clicks refused for good are dead letters")
  }
}
