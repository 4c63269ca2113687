import Delivery
import Metrics
import Service

Program.run("dispatcher", purpose: "announces the changes of links that the outbox has") {
  settings, log in
  try Dispatcher(
    settings, log: log, meter: MetricsDirectory(settings).meter(.dispatcher, log: log)
  ).run()
}
