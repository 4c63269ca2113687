import Delivery
import Metrics
import Service
import Titles
import Totals

Program.run(
  "dispatcher",
  purpose: "announces changes of links, copies the visits of links, reads titles of pages"
) { settings, log in
  let titles = settings.resolvesTitles ? try TitleWork(settings, log: log) : nil
  let meter = MetricsDirectory(settings).meter(.dispatcher, log: log)
  let totals = try TotalsCopy(settings, log: log, meter: meter)
  let others: [any ActiveWork] = [totals, TitleGauge(titles, meter)]
  let dispatcher = try Dispatcher(settings, others: others, log: log, meter: meter) {
    titles?.setActive($0)
  }
  titles?.start()
  dispatcher.run()
}
