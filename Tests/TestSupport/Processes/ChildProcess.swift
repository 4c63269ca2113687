package import Glibc

/// A program that a test starts, signals by its own pid, and reaps.
package final class ChildProcess {
  package let pid: pid_t
  private var status: Int32?

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - path: The program.
  ///   - arguments: Those after its name.
  ///   - environment: Laid over the test's own.
  ///   - input: The descriptor it has as 0; /dev/null when nil.
  ///   - output: The file that its stdout and stderr go to; the test's own when nil.
  /// - Throws: When it can't be started.
  package init(
    _ path: String, _ arguments: [String] = [], environment: [String: String] = [:],
    input: Int32? = nil, output: String? = nil
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    if let output {
      posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
      posix_spawn_file_actions_adddup2(&actions, 1, 2)
    }
    var variables: [String: String] = [:]
    var entry = environ
    while let pointer = entry.pointee {
      let text = String(cString: pointer)
      let equals = text.firstIndex(of: "=") ?? text.endIndex
      variables[String(text[..<equals])] = String(text[equals...].dropFirst())
      entry += 1
    }
    variables.merge(environment) { _, new in new }
    var argv = ([path] + arguments).map { strdup($0) } + [nil]
    var envp = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { for string in argv + envp { free(string) } }
    var pid: pid_t = 0
    let failure = posix_spawn(&pid, path, &actions, nil, &argv, &envp)
    guard failure == 0 else {
      errno = failure
      throw Socket.Failure("start \(path)")
    }
    self.pid = pid
  }

  deinit {
    if status == nil {
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
  }

  package func signal(_ number: Int32) { kill(pid, number) }

  /// Waits for its end.
  ///
  /// - Returns: Its exit status, 128 + n after signal n, or nil when it still runs after `seconds`.
  package func wait(seconds: Double) -> Int32? {
    var waited = 0.0
    while status == nil {
      var raw: Int32 = 0
      if waitpid(pid, &raw, WNOHANG) == pid {
        status = raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + raw & 0x7F
      } else if waited >= seconds {
        return nil
      } else {
        usleep(5000)
        waited += 0.005
      }
    }
    return status
  }
}

/// Asks again and again until the condition holds.
///
/// - Returns: Whether it held within `seconds`.
package func eventually(seconds: Double, _ condition: () throws -> Bool) rethrows -> Bool {
  var waited = 0.0
  while true {
    if try condition() { return true }
    if waited >= seconds { return false }
    usleep(20_000)
    waited += 0.02
  }
}
