import Metrics
import Pipeline
import Service

Program.run("relay", purpose: "carries clicks from the journals to the broker") { settings, log in
  try Relay(
    RelaySettings(settings), log: log, meter: MetricsDirectory(settings).meter(.relay, log: log)
  ).run()
}
