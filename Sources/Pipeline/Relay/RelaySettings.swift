package import AMQP
package import Clicks
package import Journals
package import Service

/// The settings of a relay.
package struct RelaySettings: Sendable {
  package let directory: JournalDirectory
  package let state: StateDirectory
  package let broker: BrokerAddress
  package let topology: ClickTopology
  let pollMilliseconds: Int
  /// The limit of unconfirmed messages.
  let window: Int
  let messageBytes: Int
  /// How long a byte of a journal may stay neither confirmed nor synced; 0 for ever.
  let syncMilliseconds: Int

  /// - Throws: When the broker's URL can't be read.
  package init(_ settings: Settings) throws(SettingError) {
    directory = JournalDirectory(settings.journalDirectory)
    state = StateDirectory(settings)
    broker = try settings.rabbitMQ(BrokerAddress.init(url:))
    topology = ClickTopology(queue: settings.clickQueue)
    pollMilliseconds = settings.relayPollMilliseconds
    window = settings.relayWindow
    messageBytes = settings.relayMessageBytes
    syncMilliseconds = settings.journalSyncMilliseconds
  }
}
