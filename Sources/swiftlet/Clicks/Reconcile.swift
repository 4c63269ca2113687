import ArgumentParser
import Clicks
import Ledger
import Service
import Text

/// `swiftlet clicks reconcile`: compares nginx's log of redirects with the stored clicks.
struct Reconcile: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare the redirects that nginx answered with the clicks that are stored.",
    discussion: """
      Reads nginx's access.log and its rotations (access.log.1, access.log.2.gz, \
      access.log-20261122.gz), which must reach back to --since. Clicks that are not stored are \
      looked for in the journals; those are on their way, or --replay sends them again, and each \
      counts once. Clicks of visits that were deleted are counted apart, and never sent again. What \
      nobody has may be with RabbitMQ, so ClickHouse is asked for it again until --wait is over.

      Exits with 1 if there are redirects of which nobody has the click, with 65 if a log can't be \
      read, has too many lines that are no requests, or begins after --since, and with 74 if clicks \
      could not be sent again.
      """)

  @Option(help: "From when on, as 2026-11-22T20:00:00Z.")
  var since: String

  @Option(help: "nginx's log, read with its rotations; may be given several times.")
  var log: [String] = ["/var/log/nginx/access.log"]

  @Option(help: "Seconds to wait for clicks that are with RabbitMQ.")
  var wait = 10

  @Flag(
    name: [.customLong("replay"), .customLong("put-back")],
    help: "Send again what a journal still holds and ClickHouse lacks.")
  var replay = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard let seconds = sinceSeconds else {
      throw ValidationError("--since should be a time like 2026-11-22T20:00:00Z")
    }
    guard seconds <= SystemClock.milliseconds() / 1000 else {
      throw ValidationError("--since is in the future")
    }
    guard 0...3600 ~= wait else { throw ValidationError("--wait should be from 0 to 3600 seconds") }
  }

  func run() throws {
    try Outcome.reporting {
      let installation = try Installation()
      let settings = installation.settings
      let requests = try RequestLog(log, since: sinceSeconds ?? 0)
      let progress = Progress()
      var account = Reconciliation(
        try ClickLedger(settings), try DeletedVisits(settings, links: installation.postgres()),
        replay: replay ? try ClickReplay(settings) : nil, waitSeconds: wait, note: Outcome.note,
        progress: { progress.show($0) })
      try read(requests, into: &account, progress)
      ReconcileReport(account: account, coverage: requests.coverage).print(output)
      try complain(of: account, requests.coverage)
    }
  }

  private func read(
    _ requests: RequestLog, into account: inout Reconciliation, _ progress: Progress
  ) throws {
    let since = sinceSeconds ?? 0
    defer { progress.clear() }
    while !Signals.stopRequested, let line = try requests.next() {
      if case .redirect(let redirect) = line, redirect.seconds >= since {
        try account.add(redirect)
      }
      progress.show(
        "\(requests.coverage.lines) lines, at \(RFC3339.string(seconds: line.seconds))")
    }
    if !Signals.stopRequested { try account.finish() }
    guard Signals.stopRequested else { return }
    if let replayed = account.replayed { Outcome.note("replayed \(replayed.written) clicks") }
    throw Outcome.interrupted
  }

  /// Reports what is wrong, and ends the command with the worst of it as the status.
  private func complain(of account: Reconciliation, _ coverage: LogCoverage) throws {
    var status: ExitCode?
    if account.missingCount > 0 { status = Outcome.notFound }
    if coverage.isDamaged {
      Outcome.complain(
        "\(coverage.unreadable) of \(coverage.lines) lines are not of Swiftlet's request log")
      status = Outcome.badData
    }
    if let replayed = account.replayed, replayed.refused > 0 {
      Outcome.complain(
        "\(replayed.refused) clicks could not be written (disk full, or JOURNAL_MAX_BYTES): "
          + "they are in their journals still")
      status = Outcome.notWritten
    }
    if let status { throw status }
  }

  private var sinceSeconds: Int64? {
    Array(since.utf8).withUnsafeBufferPointer { RFC3339.parse($0) }.map { $0 / 1000 }
  }
}
