import Delivery
import Metrics
import Service

Program.run("invalidator", purpose: "marks what this host remembers of a changed link as old") {
  settings, log in
  try Invalidator(
    settings, log: log, meter: MetricsDirectory(settings).meter(.invalidator, log: log)
  ).run()
}
