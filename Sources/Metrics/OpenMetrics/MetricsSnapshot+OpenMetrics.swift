// The families and their names; `Cells.swift` has the cells of their numbers.

extension MetricsSnapshot {
  /// The text of `/metrics`.
  package var openMetrics: String {
    var page = OpenMetricsPage(totals)
    programs(&page)
    requests(&page)
    leases(&page)
    journal(&page)
    relay(&page)
    queue(&page)
    consumer(&page)
    dispatcher(&page)
    carry(&page)
    invalidator(&page)
    return page.finish()
  }

  private func programs(_ page: inout OpenMetricsPage) {
    page.writer.family("swiftlet_build", .info, help: "The version of the worker that answers.")
    page.writer.sample("swiftlet_build_info", [("version", version)], "1")
    page.gauge("swiftlet_processes", of: Role.allCases, help: "Living processes.") { role in
      totals.processes(role)
    }
    page.counter(
      "swiftlet_process_starts", .starts, of: Role.allCases, help: "Processes started so far.")
    page.time(
      "swiftlet_oldest_process_start_time_seconds", of: Role.allCases,
      help: "When the oldest living process began, since 1970."
    ) { role in totals.started(role)?.lowerBound }
    page.time(
      "swiftlet_newest_process_start_time_seconds", of: Role.allCases,
      help: "When the newest living process began, since 1970."
    ) { role in totals.started(role)?.upperBound }
  }

  private func requests(_ page: inout OpenMetricsPage) {
    page.counters(
      "swiftlet_redirects", of: Role.redirecting, help: "Requests for a short code, by outcome."
    ) { (outcome: RedirectOutcome) in .redirects(outcome) }
    page.counter(
      "swiftlet_redirects_handed_on", .handOns, of: Role.redirecting,
      help: "Requests for a short code that a worker handed on to a look-up worker.")
    page.histogram(
      "swiftlet_redirect_duration_seconds", .redirect, of: Role.redirecting, places: 9,
      unit: "seconds", help: "Time that a worker took to answer a request for a short code.")
    page.writer.family(
      "swiftlet_requests", .counter, help: "Requests of the other endpoints, by class of status.")
    for role in Role.allCases {
      for endpoint in role.endpoints {
        page.samples("swiftlet_requests_total", role, [(Endpoint.name, endpoint.text)]) {
          (answer: StatusClass) in .requests(endpoint, answer)
        }
      }
    }
    page.writer.family(
      "swiftlet_link_lookups", .counter, help: "Questions where a link leads, by store and result."
    )
    for role in Role.redirecting {
      for tier in LookupTier.allCases {
        for result in tier.results {
          page.sample(
            "swiftlet_link_lookups_total", role,
            [(LookupTier.name, tier.text), (LookupResult.name, result.text)],
            "\(totals.count(.lookups(tier, result), role))")
        }
      }
    }
  }

  private func leases(_ page: inout OpenMetricsPage) {
    let events: [(name: String, help: String, event: LeaseEvent)] = [
      ("swiftlet_worker_id_grants", "Worker ids granted to a process.", .grant),
      ("swiftlet_worker_id_renewals", "Renewals of granted worker ids.", .renewal),
      ("swiftlet_worker_id_losses", "Worker ids that ended without being returned.", .loss),
      (
        "swiftlet_worker_id_collisions", "New ids that PostgreSQL had already.",
        .collision
      ),
    ]
    page.writer.family(
      "swiftlet_worker_ids", .gauge, help: "Worker ids held, by the store that granted them.")
    for store in LeaseStore.allCases {
      guard let held = totals.gauge(.leases(store), .api) else { continue }
      page.sample("swiftlet_worker_ids", .api, [(LeaseStore.name, store.text)], "\(held)")
    }
    for (name, help, event) in events {
      page.counters(name, of: [.api], help: help) { (store: LeaseStore) in
        .leases(event, store)
      }
    }
  }

  private func journal(_ page: inout OpenMetricsPage) {
    page.counter(
      "swiftlet_clicks_recorded", .clicksRecorded, of: Role.redirecting,
      help: "Clicks written to a journal.")
    page.counters(
      "swiftlet_orphan_visits", of: Role.redirecting,
      help: "Visits that met no link, as far as they are counted."
    ) { (type: MissType) in .orphanVisits(type) }
    page.single(
      "swiftlet_clicks_dropped", .counter,
      help: "Clicks that could not be written to a journal and are lost.", "\(droppedClicks)")
    page.single(
      "swiftlet_journal_limit_bytes", .gauge, unit: "bytes",
      help: "JOURNAL_MAX_BYTES: beyond it clicks are dropped.", "\(journalLimit)")
    guard let journals else { return }
    page.single(
      "swiftlet_journal_files", .gauge, help: "Journals in the directory.", "\(journals.files)")
    page.single(
      "swiftlet_journal_size_bytes", .gauge, unit: "bytes", help: "Total size of the journals.",
      "\(journals.bytes)")
    page.single(
      "swiftlet_journal_unconfirmed_bytes", .gauge, unit: "bytes",
      help: "Bytes of journals that the broker has not confirmed.", "\(journals.unconfirmedBytes)")
    page.single(
      "swiftlet_journal_oldest_unconfirmed_seconds", .gauge, unit: "seconds",
      help: "Age of the oldest click that the broker has not confirmed; 0 without any.",
      OpenMetricsWriter.decimal(UInt64(clamping: lagMilliseconds ?? 0), places: 3))
  }

  private func relay(_ page: inout OpenMetricsPage) {
    let counters: [(name: String, counter: Counter, unit: String?, help: String)] = [
      ("published_messages", .publishedMessages, nil, "Messages published."),
      ("published_bytes", .publishedBytes, "bytes", "Bytes of journals published."),
      ("confirmed_messages", .confirmedMessages, nil, "Messages that the broker confirmed."),
      ("confirmed_bytes", .confirmedBytes, "bytes", "Bytes of journals that the broker confirmed."),
      (
        "resent_messages", .resentMessages, nil,
        "Messages unconfirmed when the broker was lost; they are published again."
      ),
      (
        "quarantined_pieces", .quarantinedPieces, nil,
        "Parts of journals that are no clicks and were set aside."
      ),
      ("quarantined_bytes", .quarantinedBytes, "bytes", "Bytes of those parts."),
    ]
    for (name, counter, unit, help) in counters {
      page.single(
        "swiftlet_relay_" + name, .counter, unit: unit, help: help,
        "\(totals.count(counter, .relay))")
    }
    let gauges: [(name: String, gauge: Gauge, help: String)] = [
      ("connected", .isConnected, "1 while the relay is connected to the broker."),
      ("blocked", .isBlocked, "1 while the broker asks the relay for a pause."),
      ("unconfirmed_messages", .unconfirmedMessages, "Messages published and not yet confirmed."),
    ]
    for (name, gauge, help) in gauges {
      guard let value = totals.gauge(gauge, .relay) else { continue }
      page.single("swiftlet_relay_" + name, .gauge, help: help, "\(value)")
    }
  }

  private func queue(_ page: inout OpenMetricsPage) {
    let families: [(name: String, help: String, gauge: (ClickQueue) -> Gauge)] = [
      ("swiftlet_queue_messages", "Messages ready, as the relay last saw it.", Gauge.messages),
      ("swiftlet_queue_consumers", "Consumers, as the relay last saw it.", Gauge.consumers),
    ]
    for (name, help, gauge) in families {
      page.writer.family(name, .gauge, help: help)
      for queue in ClickQueue.allCases {
        guard let value = totals.gauge(gauge(queue), .relay) else { continue }
        page.writer.sample(name, [("queue", queues[queue] ?? "\(queue)")], "\(value)")
      }
    }
    guard totals.gauge(.messages(.clicks), .relay) != nil else { return }
    page.single(
      "swiftlet_queue_unconsumed_seconds", .gauge, unit: "seconds",
      help: "For how long messages have been in the clicks' queue without a consumer.",
      OpenMetricsWriter.decimal(UInt64(clamping: unconsumedMilliseconds ?? 0), places: 3))
  }

  private func consumer(_ page: inout OpenMetricsPage) {
    let counters: [(name: String, counter: Counter, help: String)] = [
      ("batches", .batches, "Batches stored."),
      ("rows", .rows, "Clicks stored."),
      ("redelivered_messages", .redelivered, "Messages that the broker delivered again."),
      ("republished_messages", .republished, "Messages dropped or trimmed as repeats."),
      ("dead_letters", .deadLetters, "Lines and messages that can't be stored."),
      ("insert_errors", .insertErrors, "Inserts that failed or whose outcome is unknown."),
    ]
    for (name, counter, help) in counters {
      page.single(
        "swiftlet_consumer_" + name, .counter, help: help, "\(totals.count(counter, .consumer))")
    }
    if let connected = totals.gauge(.isConnected, .consumer) {
      page.single(
        "swiftlet_consumer_connected", .gauge, help: "Consumers connected to the broker.",
        "\(connected)")
    }
    let gauges: [(name: String, gauge: Gauge, help: String)] = [
      (
        "refused", .isRefused,
        "Consumers refused by ClickHouse until an operator mends what their log names."
      ),
      (
        "unacknowledged_messages", .unacknowledgedMessages,
        "Messages delivered to consumers and not yet stored."
      ),
    ]
    for (name, gauge, help) in gauges {
      guard let value = totals.gauge(gauge, .consumer) else { continue }
      page.single("swiftlet_consumer_" + name, .gauge, help: help, "\(value)")
    }
    if let lag = storingLagMilliseconds {
      page.single(
        "swiftlet_consumer_oldest_unstored_seconds", .gauge, unit: "seconds",
        help: "How long the oldest delivered click has waited to be stored.",
        OpenMetricsWriter.decimal(UInt64(clamping: lag), places: 3))
    }
    if let time = totals.latest(.batchStored, .consumer) {
      page.single(
        "swiftlet_consumer_last_batch_timestamp_seconds", .gauge, unit: "seconds",
        help: "When a batch was last stored, since 1970.",
        OpenMetricsWriter.decimal(UInt64(clamping: time), places: 3))
    }
    page.histogram(
      "swiftlet_consumer_batch_rows", .batchRows, of: [.consumer], places: 0, unit: nil,
      help: "Clicks in a stored batch.")
    page.histogram(
      "swiftlet_consumer_insert_duration_seconds", .insert, of: [.consumer], places: 9,
      unit: "seconds", help: "Time that ClickHouse took for one insert.")
  }
}
