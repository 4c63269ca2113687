import Service
import Stores

Program.run("consumer", purpose: "stores the clicks from the broker in ClickHouse") {
  settings, log in
  let consumer = try Consumer(ConsumerSettings(settings, topology: ClickTopology()), log: log)
  try consumer.run()
}
