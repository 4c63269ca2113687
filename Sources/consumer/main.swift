import Metrics
import Pipeline
import Service

Program.run("consumer", purpose: "stores the clicks from the broker in ClickHouse") {
  settings, log in
  try Consumer(
    ConsumerSettings(settings), log: log,
    meter: MetricsDirectory(settings).meter(.consumer, log: log)
  ).run()
}
