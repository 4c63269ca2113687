package import ClickHouse
package import Clicks
import Links
import Visitors

/// Clicks as columns in the server's format, before they are inserted.
///
/// A line is parsed directly into the columns, without a value for the click.
package struct ClickColumns: ClickRows {
  package internal(set) var count = 0
  var link: [UInt8] = []
  var code: [UInt8] = []
  var weight: [UInt8] = []
  var domain: [UInt8] = []
  var device: [UInt8] = []
  var system: [UInt8] = []
  var browser: [UInt8] = []
  var browserMajor: [UInt8] = []
  var bot: [UInt8] = []
  var language: [UInt8] = []
  var trigger: [UInt8] = []
  var rule: [UInt8] = []
  var revision: [UInt8] = []
  var flags: [UInt8] = []
  var timestamp: [UInt8] = []
  var address: [UInt8] = []
  var userAgent: [UInt8] = []
  var referrer: [UInt8] = []
  var referrerHost: [UInt8] = []
  var eventID: [UInt8] = []
  var retried: [UInt8] = []
  var journal: [UInt8] = []
  var journalOffset: [UInt8] = []
  /// The bytes of each line, for its dead letter; no column of the table.
  var lineLengths: [UInt32] = []

  package init() {}

  package var byteCount: Int {
    code.count + address.count + userAgent.count + referrer.count + referrerHost.count
      + language.count + count * 72
  }

  package mutating func append(_ click: ClickLine, at place: JournalRange) {
    let details = click.details
    click.shortCode.withText(limit: Click.maximumShortCodeBytes) {
      append(name: $0, of: click.linkID, details)
    }
    click.address.withText(limit: Click.maximumAddressBytes) { append(address: $0) }
    click.userAgent.withText(limit: Click.maximumUserAgentBytes) { append(agent: $0, details) }
    click.referrer.withText(limit: Click.maximumReferrerBytes) { append(referrer: $0) }
    click.language.withText(limit: Click.maximumLanguageBytes) { append(language: $0) }
    append(details)
    appendRest(click.eventID, click.milliseconds, isRetried: click.isRetried, at: place)
  }

  package mutating func append(_ click: Click, at place: JournalRange) {
    let details = click.details
    Self.lend(click.shortCode) { append(name: $0, of: click.linkID, details) }
    Self.lend(click.address) { append(address: $0) }
    Self.lend(click.userAgent) { append(agent: $0, details) }
    Self.lend(click.referrer) { append(referrer: $0) }
    Self.lend(click.language) { append(language: $0) }
    append(details)
    appendRest(click.eventID, click.milliseconds, isRetried: click.isRetried, at: place)
  }

  package func events(among candidates: Set<EventID>) -> Set<EventID> {
    guard !candidates.isEmpty else { return [] }
    var found: Set<EventID> = []
    eventID.withUnsafeBytes { bytes in
      for row in 0..<count {
        let event = EventID(
          high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16 * row, as: UInt64.self)),
          low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16 * row + 8, as: UInt64.self))
        )
        if candidates.contains(event) { found.insert(event) }
      }
    }
    return found
  }

  /// The block for the table of clicks.
  ///
  /// - Parameters:
  ///   - batch: Its number.
  ///   - day: The partition, in days since 1970.
  /// - Returns: All rows, with the filled columns.
  package func clicks(batch: UInt64, day: UInt16) -> NativeBlock {
    var block = NativeBlock(columns: 26, rows: count, capacity: byteCount + count * 14 + 2048)
    block.add(.link, link)
    block.add(.timestamp, timestamp)
    block.add(.domain, domain)
    block.add(.code, code)
    block.add(.weight, weight)
    block.add(.address, address)
    block.add(.userAgent, userAgent)
    block.add(.referrer, referrer)
    block.add(.referrerHost, referrerHost)
    block.add(.device, device)
    block.add(.system, system)
    block.add(.browser, browser)
    block.add(.browserMajor, browserMajor)
    block.add(.bot, bot)
    block.add(.language, language)
    block.add(.trigger, trigger)
    block.add(.rule, rule)
    block.add(.revision, revision)
    block.add(.flags, flags)
    block.add(.eventID, eventID)
    block.add(.retried, retried)
    block.add(.journal, journal)
    block.add(.journalOffset, journalOffset)
    block.add(.batch, repeating: batch, rows: count)
    block.add(.ingestDay, repeating: day, rows: count)
    block.add(.targets, repeating: GateView.visits.bit, rows: count)
    return block
  }

  /// The block for the counts.
  ///
  /// It has their columns, and for each journal one row without a click with the journal's new
  /// mark.
  package func counts(batch: UInt64, ends: [JournalID: Int], targets: CountTargets) -> NativeBlock {
    let marks = ends.sorted { $0.key.rawValue < $1.key.rawValue }
    let rows = count + marks.count
    let zeros = { [UInt8](repeating: 0, count: $0 * marks.count) }
    var journals: [UInt8] = []
    var offsets: [UInt8] = []
    for mark in marks {
      journals.append(fixed: mark.key.rawValue)
      offsets.append(fixed: UInt64(mark.value))
    }
    var block = NativeBlock(
      columns: 10, rows: rows,
      capacity: address.count + referrerHost.count + rows * 47 + 1024)
    block.add(.link, link, zeros(8))
    block.add(.timestamp, timestamp, zeros(4))
    block.add(.weight, weight, zeros(4))
    block.add(.bot, bot, zeros(1))
    block.add(.address, address, zeros(1))
    block.add(.referrerHost, referrerHost, zeros(1))
    block.add(.journal, journal, journals)
    block.add(.journalOffset, journalOffset, offsets)
    block.add(.batch, repeating: batch, rows: rows)
    block.add(.targets, repeating: targets.rawValue, rows: rows)
    return block
  }

  /// The name, and the scope that it counts for: that of its kind where it has no link.
  private mutating func append(
    name: UnsafeBufferPointer<UInt8>, of id: SnowflakeID?, _ details: ClickDetails
  ) {
    code.append(string: name)
    link.append(fixed: (details.kind.scope ?? Scope(link: id, name: name)).rawValue)
  }

  /// The user agent, and what it says; of an anonymous visitor only whether it is a bot.
  private mutating func append(agent text: UnsafeBufferPointer<UInt8>, _ details: ClickDetails) {
    let isAnonymous = details.flags.contains(.anonymous)
    let agent = Self.agent(text, details)
    userAgent.append(string: isAnonymous ? UnsafeBufferPointer(start: nil, count: 0) : text)
    bot.append(agent.bot.rawValue)
    device.append(agent.device.rawValue)
    system.append(agent.system.rawValue)
    browser.append(agent.browser.rawValue)
    browserMajor.append(fixed: agent.browserMajor)
  }

  private static func agent(
    _ text: UnsafeBufferPointer<UInt8>, _ details: ClickDetails
  ) -> Agent {
    if details.flags.contains(.prefetch) { return Agent(bot: .prefetch) }
    let isAnonymous = details.flags.contains(.anonymous)
    // Visits that are summed up have no user agent, and the dead letter of an anonymous visitor has none.
    if text.isEmpty, details.weight > 1 || isAnonymous { return Agent(bot: .person) }
    let agent = AgentTable.shared.agent(text)
    return isAnonymous ? Agent(bot: agent.bot) : agent
  }

  private mutating func append(language tag: UnsafeBufferPointer<UInt8>) {
    AcceptLanguage.withNormalForm(of: tag) { language.append(string: $0) }
  }

  private mutating func append(_ details: ClickDetails) {
    domain.append(fixed: details.domain)
    trigger.append(
      details.flags.contains(.pixel) ? 2 : details.flags.contains(.qrCode) ? 1 : 0)
    rule.append(fixed: details.rule)
    revision.append(fixed: details.revision)
    flags.append(details.flags.rawValue)
    weight.append(fixed: details.weight)
  }

  private mutating func append(referrer text: UnsafeBufferPointer<UInt8>) {
    referrer.append(string: text)
    ReferrerHost.withHost(of: text) { referrerHost.append(string: $0) }
  }

  private mutating func append(address text: UnsafeBufferPointer<UInt8>) {
    VisitorAddress.withNormalForm(of: text) { address.append(string: $0) }
  }

  private mutating func appendRest(
    _ event: EventID, _ milliseconds: Int64, isRetried: Bool, at place: JournalRange
  ) {
    eventID.append(fixed: event.high.byteSwapped)
    eventID.append(fixed: event.low.byteSwapped)
    timestamp.append(fixed: UInt32(clamping: milliseconds / 1000))
    retried.append(isRetried ? 1 : 0)
    journal.append(fixed: place.journal.rawValue)
    journalOffset.append(fixed: UInt64(place.to))
    lineLengths.append(UInt32(clamping: place.count))
    count += 1
  }

  private static func lend(_ text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    var text = text
    text.withUTF8(body)
  }
}
