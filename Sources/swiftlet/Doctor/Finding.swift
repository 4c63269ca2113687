import JSON

/// The result of one check: the state, and what to do if it is not well.
struct Finding {
  enum State: String {
    case ok
    /// Serving continues, but an operator should look.
    case warning
    case failed
  }

  let subject: String
  let state: State
  let detail: String
  var advice: String?

  static func ok(_ subject: String, _ detail: String) -> Finding {
    Finding(subject: subject, state: .ok, detail: detail)
  }

  static func warning(_ subject: String, _ detail: String, do advice: String) -> Finding {
    Finding(subject: subject, state: .warning, detail: detail, advice: advice)
  }

  /// Where an engine's error begins with the subject, the detail is without it.
  static func failed(_ subject: String, _ detail: String, do advice: String) -> Finding {
    let name = subject + ": "
    let rest = detail.hasPrefix(name) ? String(detail.dropFirst(name.count)) : detail
    return Finding(subject: subject, state: .failed, detail: rest, advice: advice)
  }
}

extension [Finding] {
  var text: String {
    map { finding in
      let label = finding.state == .failed ? "FAILED" : finding.state.rawValue
      let gap = String(repeating: " ", count: Swift.max(1, 9 - label.utf8.count))
      let line = label + gap + finding.subject + ": " + finding.detail
      return line + (finding.advice.map { "\n         -> " + $0 } ?? "")
    }.joined(separator: "\n")
  }

  func write(to json: inout JSONWriter) {
    json.array(self) { finding, json in
      json.member("subject", finding.subject)
      json.member("state", finding.state.rawValue)
      json.member("detail", finding.detail)
      json.member("advice", finding.advice)
    }
  }
}
