import Delivery
import Metrics
import Postgres
import Titles

/// Shows in the metrics of the active dispatcher how many links want a title; none where none are read.
final class TitleGauge: ActiveWork {
  private let titles: TitleWork?
  private let meter: Meter

  init(_ titles: TitleWork?, _ meter: Meter) {
    (self.titles, self.meter) = (titles, meter)
  }

  func reset() { meter.clear(.titlesWanted) }

  func turn(on connection: Connection, at now: Int64) throws(PostgresError) -> Bool {
    if let wanted = titles.map({ $0.wanted }) ?? 0 {
      meter.set(.titlesWanted, wanted)
    } else {
      meter.clear(.titlesWanted)
    }
    return false
  }
}
