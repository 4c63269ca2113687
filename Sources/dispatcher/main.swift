import Delivery
import Metrics
import Service
import Titles

Program.run(
  "dispatcher",
  purpose: "announces the changes of links that the outbox has, and reads titles of pages"
) { settings, log in
  let titles = settings.resolvesTitles ? try TitleWork(settings, log: log) : nil
  let meter = MetricsDirectory(settings).meter(.dispatcher, log: log)
  let dispatcher = try Dispatcher(settings, log: log, meter: meter) { titles?.setActive($0) }
  titles?.start()
  dispatcher.run()
}
