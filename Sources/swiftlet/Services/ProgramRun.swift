import Glibc

/// Runs another program of this machine and collects what it writes.
///
/// No shell is between: each argument arrives as it is.
enum ProgramRun {
  /// Programs that a terminal's signals don't reach: half of a restart would leave something stopped.
  private static let shielded = ["supervisorctl", "systemctl"]

  /// What a program has left: its exit status, or 128 + n after signal n, and its two outputs.
  struct Result {
    let status: Int32
    let output: String
    let errors: String

    /// Why it has failed: its first line with `error:`, which others may follow from.
    ///
    /// Else the last line that it wrote, errors first.
    var reason: String {
      for text in [errors, output] {
        let lines = text.split(whereSeparator: \.isNewline)
        if let line = lines.first(where: { $0.lowercased().contains("error:") }) ?? lines.last {
          return String(line)
        }
      }
      return "no word"
    }

    /// Throws unless it has ended well.
    func check(_ program: String, _ arguments: [String]) throws(ProgramRunError) {
      guard status != 0 else { return }
      throw ProgramRunError(
        program: program, kind: .failed(arguments, status: status, reason: reason))
    }
  }

  /// Runs a program until it ends.
  ///
  /// - Parameters:
  ///   - program: A path, or a name that is looked for in PATH, /usr/sbin and /sbin.
  ///   - arguments: Those after its name.
  ///   - input: What it reads from stdin.
  ///   - environment: Variables in addition to our own.
  /// - Returns: What it has left.
  /// - Throws: `ProgramRunError` when it can't be started.
  static func run(
    _ program: String, _ arguments: [String] = [], input: [UInt8] = [],
    environment: [String: String] = [:]
  ) throws(ProgramRunError) -> Result {
    let pipes = ProgramPipes()
    let pid = try start(program, arguments, environment, pipes)
    return end(pid, pipes, input)
  }

  /// Starts a program.
  ///
  /// - Throws: `ProgramRunError` when it can't be started; then its pipes are closed.
  static func start(
    _ program: String, _ arguments: [String], _ environment: [String: String],
    _ pipes: ProgramPipes
  ) throws(ProgramRunError) -> pid_t {
    do throws(ProgramRunError) {
      return try spawn(try path(of: program), [program] + arguments, environment, pipes)
    } catch {
      pipes.close()
      throw error
    }
  }

  /// Waits for the end of a program that was started.
  static func end(
    _ pid: pid_t, _ pipes: ProgramPipes, _ input: [UInt8] = [], meanwhile: () -> Void = {}
  ) -> Result {
    let (output, errors) = pipes.exchange(input, meanwhile: meanwhile)
    var raw: Int32 = 0
    while waitpid(pid, &raw, 0) < 0, errno == EINTR {}
    let status = raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + raw & 0x7F
    return Result(
      status: status, output: String(decoding: output, as: UTF8.self),
      errors: String(decoding: errors, as: UTF8.self))
  }

  /// The same for a program that must succeed.
  ///
  /// - Returns: Its output.
  /// - Throws: `ProgramRunError`, also when it ends with another status than 0.
  @discardableResult
  static func check(
    _ program: String, _ arguments: [String] = [], input: [UInt8] = [],
    environment: [String: String] = [:]
  ) throws(ProgramRunError) -> String {
    let result = try run(program, arguments, input: input, environment: environment)
    try result.check(program, arguments)
    return result.output
  }

  /// The path of a program.
  ///
  /// - Throws: `ProgramRunError` when there is none.
  static func path(of program: String) throws(ProgramRunError) -> String {
    if program.utf8.contains(UInt8(ascii: "/")) { return program }
    let searched = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    // Other users than root often lack the directories of nginx and its like.
    for directory in (searched + ":/usr/sbin:/sbin").split(separator: ":") {
      let path = "\(directory)/\(program)"
      if access(path, X_OK) == 0 { return path }
    }
    throw ProgramRunError(program: program, kind: .notStarted(ENOENT))
  }

  /// The path of this program itself.
  static var own: String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = max(0, readlink("/proc/self/exe", &buffer, buffer.count))
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func spawn(
    _ path: String, _ words: [String], _ environment: [String: String], _ pipes: ProgramPipes
  ) throws(ProgramRunError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, descriptor) in pipes.ofTheProgram.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A program inherits what is ignored or blocked; it expects neither.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigaddset(&signals, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    var flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    if shielded.contains(words[0]) { flags |= POSIX_SPAWN_SETPGROUP }
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var argv = words.map { strdup($0) } + [nil]
    var envp = variables(environment).map { strdup($0) } + [nil]
    defer { for string in argv + envp { free(string) } }
    var pid: pid_t = 0
    let failure = posix_spawn(&pid, path, &actions, &attributes, &argv, &envp)
    guard failure == 0 else {
      throw ProgramRunError(program: words[0], kind: .notStarted(failure))
    }
    pipes.closeThoseOfTheProgram()
    return pid
  }

  /// Our own variables with others laid over them, as `NAME=value`.
  private static func variables(_ others: [String: String]) -> [String] {
    var lines = others.map { "\($0.key)=\($0.value)" }
    var entry = environ
    while let pointer = entry.pointee {
      let line = String(cString: pointer)
      if others[String(line.prefix { $0 != "=" })] == nil { lines.append(line) }
      entry += 1
    }
    return lines
  }
}
