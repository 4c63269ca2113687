import Service

/// supervisord's sections for the programs of a host.
struct SupervisordSections {
  let text: String

  /// - Throws: `SettingError` also for a user, a group or a directory of logs that doesn't exist:
  ///   supervisord would refuse its whole configuration. And for a pool of one process, whose socket
  ///   would close with it.
  init(_ layout: HostLayout) throws(SettingError) {
    try layout.checkOwners()
    try HostLayout.checkDirectory(layout.logs, of: .logDirectory)
    var text = """
      ; Swiftlet's programs, printed by `swiftlet programs --supervisord`. They read the settings file.
      ;
      ; `swiftlet restart` restarts one worker after the other: a pool's socket closes when its last
      ; worker has ended.
      ;
      ; If supervisord itself is killed, its workers serve until the next supervisord has replaced their
      ; sockets. The programs without a socket end with it (setpriv): one of each works at a time, and
      ; those of the next supervisord would wait for them.

      """
    for program in HostProgram.all {
      text += try Self.section(program, layout).joined(separator: "\n") + "\n"
    }
    self.text = text
  }

  private static func section(
    _ program: HostProgram, _ layout: HostLayout
  ) throws(SettingError) -> [String] {
    let command = (["\"\(value(layout.file(of: program)))\""] + program.arguments)
      .joined(separator: " ")
    var lines = ["", "; \(program.serves)"]
    if let socket = program.socket {
      lines += [
        "[fcgi-program:\(program.section)]", "command=\(command)",
        "socket=unix://\(value(layout.sockets))/\(socket)",
        "socket_owner=\(value(layout.user)):\(value(layout.group))", "socket_mode=0660",
        "socket_backlog=1024",
      ]
    } else {
      lines += ["[program:\(program.section)]", "command=setpriv --pdeathsig TERM \(command)"]
    }
    let environment = [
      layout.settingsFile.map { "SWIFTLET_ENV=\"\(value($0))\"" },
      program.role.map { "SHORTENER_ROLE=\"\($0.rawValue)\"" },
    ].compactMap { $0 }
    if !environment.isEmpty { lines.append("environment=" + environment.joined(separator: ",")) }
    var name = "%(program_name)s"
    if let processes = program.processes {
      let count = try program.count(layout.variables)
      guard !program.isPool || count != 1 else {
        throw SettingError(
          name: processes.name, value: "1",
          expected:
            "2 at least, or 0: supervisord closes a pool's socket with its last process, so "
            + "requests would fail at each restart")
      }
      name += "_%(process_num)02d"
      lines += ["process_name=\(name)", "numprocs=\(count)"]
    }
    lines += ["user=\(value(layout.user))", "priority=\(program.priority)"]
    // A program that ends by itself rests when it is done (0), and when somebody must mend what it
    // has found (65) or a setting (78). It may be done at once.
    lines +=
      program.endsByItself
      ? ["autorestart=unexpected", "exitcodes=0,65,78", "startsecs=0"]
      : ["autorestart=true", "startsecs=1", "startretries=1000"]
    return lines + [
      "stopsignal=TERM", "stopwaitsecs=10", "killasgroup=true", "redirect_stderr=true",
      "stdout_logfile=\(value(layout.logs))/\(name).log", "stdout_logfile_maxbytes=10MB",
      "stdout_logfile_backups=3",
    ]
  }

  /// supervisord expands what follows a `%`.
  private static func value(_ value: String) -> String {
    let sign = UInt8(ascii: "%")
    let bytes = value.utf8.flatMap { $0 == sign ? [sign, sign] : [$0] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
