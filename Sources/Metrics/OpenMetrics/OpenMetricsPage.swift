/// Families of one shape each, over the totals.
struct OpenMetricsPage {
  var writer = OpenMetricsWriter()
  private let totals: Totals

  init(_ totals: Totals) {
    self.totals = totals
  }

  mutating func finish() -> String {
    writer.end()
    return writer.text
  }

  mutating func sample(
    _ name: String, _ role: Role, _ labels: [(name: String, value: String)] = [], _ value: String
  ) {
    writer.sample(name, [("program", role.rawValue)] + labels, value)
  }

  /// A family with one sample and no label; a counter's sample gets its suffix.
  mutating func single(
    _ name: String, _ kind: OpenMetricsWriter.Kind, unit: String? = nil, help: String,
    _ value: String
  ) {
    writer.family(name, kind, unit: unit, help: help)
    writer.sample(kind == .counter ? name + "_total" : name, [], value)
  }

  mutating func counter(_ name: String, _ counter: Counter, of roles: [Role], help: String) {
    writer.family(name, .counter, help: help)
    for role in roles { sample(name + "_total", role, [], "\(totals.count(counter, role))") }
  }

  mutating func counters<L: Label>(
    _ name: String, of roles: [Role], help: String, _ counter: (L) -> Counter
  ) {
    writer.family(name, .counter, help: help)
    for role in roles { samples(name + "_total", role, [], counter) }
  }

  /// The samples of a program for each value of a label, after other labels.
  mutating func samples<L: Label>(
    _ name: String, _ role: Role, _ labels: [(name: String, value: String)],
    _ counter: (L) -> Counter
  ) {
    for value in L.allCases {
      sample(
        name, role, labels + [(L.name, value.text)], "\(totals.count(counter(value), role))")
    }
  }

  mutating func gauge(_ name: String, of roles: [Role], help: String, _ value: (Role) -> Int) {
    writer.family(name, .gauge, help: help)
    for role in roles { sample(name, role, [], "\(value(role))") }
  }

  /// Moments, given in milliseconds since 1970.
  mutating func time(_ name: String, of roles: [Role], help: String, _ value: (Role) -> Int64?) {
    writer.family(name, .gauge, unit: "seconds", help: help)
    for role in roles {
      guard let time = value(role) else { continue }
      sample(name, role, [], OpenMetricsWriter.decimal(UInt64(clamping: time), places: 3))
    }
  }

  mutating func histogram(
    _ name: String, _ histogram: Histogram, of roles: [Role], places: Int, unit: String?,
    help: String
  ) {
    writer.family(name, .histogram, unit: unit, help: help)
    for role in roles {
      let (buckets, sum) = totals.distribution(histogram, role)
      let bounds = histogram.bounds.map { OpenMetricsWriter.bound($0, places: places) } + ["+Inf"]
      for (bound, count) in zip(bounds, buckets) {
        sample(name + "_bucket", role, [("le", bound)], "\(count)")
      }
      sample(name + "_count", role, [], "\(buckets.last ?? 0)")
      sample(name + "_sum", role, [], OpenMetricsWriter.decimal(sum, places: places))
    }
  }
}
