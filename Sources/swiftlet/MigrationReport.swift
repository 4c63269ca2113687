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
    case .waiting(let obstacle): obstacle
    case .unknown(let time): "\(time), by a newer release: its file is not here"
    }
  }

  /// What the server must have; nil for nothing.
  fileprivate var requires: String? {
    switch requirement {
    case .version(let version): version.versionText
    case .extension(let name): "extension \(name)"
    case nil: nil
    }
  }
}

extension [Migrator.Step] {
  func text(none: String) -> String {
    isEmpty
      ? none
      : map { "\($0.word)  \($0.path)" + ($0.remark.isEmpty ? "" : "  (\($0.remark))") }
        .joined(separator: "\n")
  }

  /// The report of a run, whose pending steps are done by then.
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
      if let requires = step.requires {
        json.key("requires")
        json.string(requires)
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
