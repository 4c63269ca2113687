package import AMQP
package import ClickHouse
package import Clicks
package import Service

/// The settings of a consumer.
package struct ConsumerSettings: Sendable {
  package let broker: BrokerAddress
  package let topology: ClickTopology
  package let clickHouse: ServerAddress
  let insertMilliseconds: Int
  let readMilliseconds: Int
  let batchRows: Int
  let batchMilliseconds: Int
  let messageBytes: Int

  /// - Throws: When a URL can't be read.
  package init(_ settings: Settings) throws(SettingError) {
    broker = try settings.rabbitMQ(BrokerAddress.init(url:))
    clickHouse = try settings.clickHouse(ServerAddress.init(url:))
    topology = ClickTopology(queue: settings.clickQueue)
    insertMilliseconds = settings.clickHouseInsertTimeoutMilliseconds
    readMilliseconds = settings.clickHouseReadTimeoutMilliseconds
    batchRows = settings.batchMaxRows
    batchMilliseconds = settings.batchMaxMilliseconds
    messageBytes = settings.relayMessageBytes
  }

  var limits: BatchBuilder<ClickColumns>.Limits {
    .init(rows: batchRows, milliseconds: Int64(batchMilliseconds))
  }
}
