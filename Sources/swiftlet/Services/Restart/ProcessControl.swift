import Glibc

/// A service manager's hold on single processes.
protocol ProcessControl {
  /// Takes in new settings, where the service manager knows any.
  ///
  /// - Throws: `ServiceError` when it doesn't run our programs.
  func prepare() throws

  /// The names of a program's processes; those of them that don't run are named, too.
  func processes(of program: HostProgram) throws -> [String]

  /// Returns when the old process has ended and the new one was started.
  func restart(_ process: String) throws

  func state(of process: String) throws -> ProcessState

  /// Whether the service manager has a pool's socket for the workers that it starts.
  func holdsSocket(of program: HostProgram) throws -> Bool

  /// Makes a pool's socket anew, which is gone: its workers hold on to the old one.
  func renewSocket(of program: HostProgram) throws

  /// Ends the processes that are more than the settings say.
  func stopOthers(of program: HostProgram) throws

  /// Where an operator reads what a process has logged.
  func log(of process: String) -> String
}

/// What a service manager says of a process.
enum ProcessState: Equatable {
  case running(pid_t)
  /// Not running, and the service manager goes on trying.
  case starting(String)
  /// Not running, and it stays so.
  case ended(String)
}

/// A service manager that can't do what a command wants, or a process that doesn't come back.
struct ServiceError: Error, CustomStringConvertible {
  enum Kind {
    /// A process or a service manager isn't well.
    case notWell
    /// An engine can't be had.
    case unavailable
    /// This machine lacks something, or the command lacks the right.
    case installation
  }

  let kind: Kind
  let description: String

  init(_ description: String, _ kind: Kind = .notWell) {
    self.description = description
    self.kind = kind
  }
}
