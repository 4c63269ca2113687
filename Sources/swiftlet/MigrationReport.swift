import JSON
import Migrations

extension Migrator.Step {
  var isToDo: Bool {
    switch state {
    case .pending, .waiting: true
    case .applied, .unknown: false
    }
  }

  fileprivate var path: String { "\(engine.rawValue)/\(name)" }

  fileprivate var word: String {
    switch state {
    case .applied: "applied"
    case .pending: "pending"
    case .waiting: "waiting"
    case .unknown: "unknown"
    }
  }

  fileprivate var remark: String {
    switch state {
    case .applied(let time): time
    case .pending: ""
    case .waiting(let server):
      "needs \(engine.rawValue) >= \(Self.text(requiredVersion)), the server is \(Self.text(server))"
    case .unknown(let time): "\(time), by a newer release: its file is not here"
    }
  }

  fileprivate static func text(_ version: [Int]) -> String {
    version.map { String($0) }.joined(separator: ".")
  }
}

extension [Migrator.Step] {
  func text(none: String) -> String {
    isEmpty
      ? none
      : map { "\($0.word)  \($0.path)" + ($0.remark.isEmpty ? "" : "  (\($0.remark))") }
        .joined(separator: "\n")
  }

  /// What a run has to say: its pending steps are done by then.
  var appliedText: String {
    let applied = filter { $0.state == .pending }.map { "applied  \($0.path)" }
    let waiting = filter { $0.state != .pending }
    return (applied.isEmpty ? ["Nothing to apply."] : applied)
      .joined(separator: "\n") + (waiting.isEmpty ? "" : "\n" + waiting.text(none: ""))
  }

  func write(to json: inout JSONWriter) {
    json.beginArray()
    for step in self {
      json.beginObject()
      json.key("engine")
      json.string(step.engine.rawValue)
      json.key("name")
      json.string(step.name)
      json.key("state")
      json.string(step.word)
      if !step.requiredVersion.isEmpty {
        json.key("requires")
        json.string(Migrator.Step.text(step.requiredVersion))
      }
      if case .applied(let time) = step.state {
        json.key("applied_at")
        json.string(time)
      }
      json.endObject()
    }
    json.endArray()
  }
}
