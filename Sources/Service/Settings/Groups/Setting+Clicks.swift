import Clicks

/// The way of a click from the journals to its table.
extension Setting {
  static let trackOrphanVisits = Setting(
    "TRACK_ORPHAN_VISITS", 0...1, 1,
    "1 counts visits that met no link: to the domain itself, to unknown codes, to other paths")
  static let orphanVisitsPerSecond = Setting(
    "ORPHAN_VISITS_PER_SECOND", 0...10_000, 10,
    "How many of them one worker keeps in a second, with a burst of ten times as many; the others "
      + "are only counted")
  static let clickQueue = Setting(
    "CLICK_QUEUE", .text, "click_events",
    "RabbitMQ's queue for clicks, its routing key and (with .dead) the queue of dead letters; "
      + "the relay and the consumer must agree")
  static let relayPoll = Setting(
    "RELAY_POLL_MS", 1...10_000, 50,
    "Milliseconds between two reads of a quiet journal by the relay")
  static let relayWindow = Setting(
    "RELAY_WINDOW", 1...10_000, 64,
    "Limit of unconfirmed messages")
  static let relayMessageBytes = Setting(
    // A message takes whole lines: no click may be too long for one.
    "RELAY_MESSAGE_BYTES", BorrowedClick.maximumLineBytes...(16 << 20), 256 << 10,
    "Bytes of clicks in one message; no less than the longest click, "
      + "\(BorrowedClick.maximumLineBytes)")
  static let batchMaxRows = Setting(
    "BATCH_MAX_ROWS", 1...800_000, 200_000, "A batch is inserted at this many clicks …")
  static let batchMaxAge = Setting(
    "BATCH_MAX_MS", 1...60_000, 500, "… or this many milliseconds after its first one")
}

extension SettingGroup {
  static let clicks = SettingGroup(
    "clicks", "Clicks",
    [
      .trackOrphanVisits, .orphanVisitsPerSecond, .clickQueue, .relayPoll, .relayWindow,
      .relayMessageBytes, .batchMaxRows, .batchMaxAge,
    ])
}
