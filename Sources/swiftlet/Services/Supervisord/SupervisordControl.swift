import Glibc
import Service

/// Our programs at supervisord, by `supervisorctl`.
struct SupervisordControl: ProcessControl {
  /// nil for the machine's own.
  let url: String?
  let variables: Variables

  func prepare() throws {
    let result = try run(["pid"])
    guard pid_t(result.output.prefix { $0.isNumber }) != nil else {
      throw ServiceError("supervisord does not answer: \(result.reason)")
    }
  }

  func processes(of program: HostProgram) throws -> [String] {
    guard try program.count(variables) > 0 else { return [] }
    // Status 3 says that one of them isn't running.
    let lines = try run(["status", program.section + ":*"]).output.split(separator: "\n")
    let names = lines.compactMap { line -> String? in
      let words = line.split(separator: " ", omittingEmptySubsequences: true)
      let name = words.first.map(String.init) ?? ""
      guard words.count > 1, words[1] != "ERROR" else { return nil }
      return name == program.section || name.hasPrefix(program.section + ":") ? name : nil
    }
    guard !names.isEmpty else {
      throw ServiceError(
        "supervisord does not know \(program.section): swiftlet enable --supervisord")
    }
    return names
  }

  func restart(_ process: String) throws { _ = try run(["restart", process]) }

  func state(of process: String) throws -> ProcessState {
    let line = try run(["status", process]).output.split(separator: "\n").last ?? ""
    let words = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    guard words.count > 1, words[0] == process else { throw ServiceError(String(line)) }
    let rest = words.dropFirst().joined(separator: " ")
    switch words[1] {
    case "RUNNING":
      guard words.count > 3, let pid = pid_t(words[3].prefix { $0.isNumber }) else {
        return .starting(rest)
      }
      return .running(pid)
    case "STARTING", "BACKOFF", "STOPPING": return .starting(rest)
    default: return .ended(rest)
    }
  }

  /// supervisord holds it as long as one of the pool's workers runs.
  func holdsSocket(of program: HostProgram) -> Bool { true }

  /// supervisord makes the socket when none of the pool's workers runs any more.
  func renewSocket(of program: HostProgram) throws {
    _ = try run(["restart", program.section + ":*"])
  }

  /// `supervisorctl update` has ended them, when the sections were written.
  func stopOthers(of program: HostProgram) {}

  func log(of process: String) -> String {
    "supervisorctl tail \(process)"
  }

  /// Runs `supervisorctl`.
  func run(_ words: [String]) throws(ProgramRunError) -> ProgramRun.Result {
    try ProgramRun.run("supervisorctl", arguments(words))
  }

  /// The same where it must succeed.
  ///
  /// - Returns: Its output.
  @discardableResult
  func check(_ words: [String]) throws(ProgramRunError) -> String {
    try ProgramRun.check("supervisorctl", arguments(words))
  }

  private func arguments(_ words: [String]) -> [String] {
    (url.map { ["-s", $0] } ?? []) + words
  }
}
