/// The parts that the drills are sorted by: most are components of the stack, each with a directory.
enum Part: String, CaseIterable {
  case worker, lookup, api, spare, nginx
  case postgres, redis, rabbitmq, clickhouse
  case relay, consumer
  case journals, ledger
  case supervisor, clock, power
  case seam
  case change

  var drills: [Drill] {
    switch self {
    case .worker: Drills.worker
    case .lookup: Drills.lookup
    case .api: Drills.api
    case .spare: Drills.spare
    case .nginx: Drills.nginx
    case .postgres: Drills.postgres
    case .redis: Drills.redis
    case .rabbitmq: Drills.rabbitmq
    case .clickhouse: Drills.clickhouse
    case .relay: Drills.relay
    case .consumer: Drills.consumer
    case .journals: Drills.journals
    case .ledger: Drills.ledger
    case .supervisor: Drills.supervisor
    case .clock: Drills.clock
    case .power: Drills.power
    case .seam: Drills.seam
    case .change: Drills.change
    }
  }
}
