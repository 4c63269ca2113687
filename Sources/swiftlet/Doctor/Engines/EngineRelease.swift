/// The oldest release of each engine that Swiftlet works with.
struct EngineRelease {
  private let subject: String
  private let oldest: [Int]
  /// What an older one lacks.
  private let lack: String

  static let postgres = EngineRelease(
    subject: "PostgreSQL", oldest: [14], lack: "the migrations need it")
  static let redis = EngineRelease(
    subject: "Redis", oldest: [7],
    lack:
      "version 7 is the first whose SET takes NX and GET together, and without that what workers "
      + "find isn't cached")
  static let rabbitMQ = EngineRelease(
    subject: "RabbitMQ", oldest: [3, 10], lack: "the queues need it")
  static let clickHouse = EngineRelease(
    subject: "ClickHouse", oldest: [18, 16], lack: "the tables need it")
  static let nginx = EngineRelease(
    subject: "nginx release", oldest: [1, 22], lack: "the site needs it")

  /// The finding about this machine's nginx; none if it has none, since it may be elsewhere.
  static func ofNginx() -> [Finding] {
    // `nginx version: nginx/1.22.1`, on stderr.
    guard let run = try? ProgramRun.run("nginx", ["-v"]), run.status == 0,
      let version = (run.errors + run.output).split(separator: "/").last?
        .split(whereSeparator: \.isWhitespace).first
    else { return [] }
    return [nginx.finding(String(version))]
  }

  /// The finding about the release of an engine that has answered.
  ///
  /// - Parameters:
  ///   - version: Numbers with dots between; anything may follow.
  ///   - answer: How it has answered; may be empty.
  /// - Returns: One that fails for an older release.
  func finding(_ version: String, _ answer: String = "") -> Finding {
    let detail = version.printable + (answer.isEmpty ? "" : ", \(answer)")
    let numbers = version.split { !$0.isNumber }.prefix(oldest.count).compactMap { Int($0) }
    guard !numbers.isEmpty, numbers.lexicographicallyPrecedes(oldest) else {
      return .ok(subject, detail)
    }
    let name = oldest.map(String.init).joined(separator: ".")
    return .failed(
      subject, "\(detail), older than \(name)", do: "update it to \(name) or later: \(lack)")
  }
}
