import Service

/// The texts of systemd's files for one host.
struct SystemdLines {
  private let layout: HostLayout
  private let settingsFile: String

  init(_ layout: HostLayout, settingsFile: String) {
    self.layout = layout
    self.settingsFile = settingsFile
  }

  static let target = """
    # Printed by `swiftlet programs --systemd`. The generator says which units it wants.
    [Unit]
    Description=Swiftlet, a URL shortener
    Documentation=man:swiftlet(1)

    [Install]
    WantedBy=multi-user.target

    """

  /// systemd asks it at boot and at each `daemon-reload`.
  var generator: String {
    """
    #!/bin/sh
    # Printed by `swiftlet programs --systemd`. Links what swiftlet.target wants: as many processes of
    # each program as the settings say.
    swiftlet='\(commandLine)'
    settings='\(settingsFile)'
    if [ ! -x "$swiftlet" ] || [ ! -r "$settings" ]; then exit 0; fi
    SWIFTLET_ENV=$settings exec "$swiftlet" programs --wanted "$1"

    """
  }

  private var commandLine: String {
    HostProgram.all.first { $0.file == "swiftlet" }.map(layout.file) ?? ""
  }

  /// The socket of a pool, which ends itself where no worker can start.
  ///
  /// When all workers have found a wrong setting (78), each connection that waits starts one again, until
  /// the limit is reached. Then nginx answers at once. `swiftlet restart` brings back both. A worker that
  /// crashes each second doesn't reach it.
  func socket(_ unit: SystemdUnit) -> String {
    """
    # Printed by `swiftlet programs --systemd`.
    [Unit]
    Description=Swiftlet: socket of \(unit.program.section)
    PartOf=\(SystemdFiles.target)
    Before=nginx.service

    [Socket]
    ListenStream=\(Self.value(layout.sockets))/\(unit.program.socket ?? "")
    SocketUser=\(Self.value(layout.user))
    SocketGroup=\(Self.value(layout.group))
    SocketMode=0660
    Backlog=1024
    Service=\(unit.firstInstance)
    TriggerLimitIntervalSec=20s
    TriggerLimitBurst=30

    """
  }

  func service(_ unit: SystemdUnit) -> String {
    let program = unit.program
    let role = program.role.map { "Environment=SHORTENER_ROLE=\($0.rawValue)" }
    let lines =
      [
        "# Printed by `swiftlet programs --systemd`.",
        "# \(program.serves)",
        "[Unit]",
        "Description=Swiftlet: \(program.section)" + (program.processes == nil ? "" : " %i"),
        "Documentation=man:swiftlet(1)",
        "PartOf=\(SystemdFiles.target)",
        "After=network.target postgresql.service redis-server.service rabbitmq-server.service",
        "After=clickhouse-server.service",
      ] + Self.orderLines(program) + [
        "StartLimitIntervalSec=0",
        "",
        "[Service]",
        "Type=exec",
        "ExecStart=\(Self.quoted(layout.file(of: program)))"
          + program.arguments.map { " " + $0 }.joined(),
        "Environment=\(Self.quoted("SWIFTLET_ENV=" + settingsFile))",
      ] + [role].compactMap { $0 } + inputLines(unit) + Self.restartLines(program)
      + [
        "User=\(Self.value(layout.user))",
        "SupplementaryGroups=\(Self.value(layout.group))",
        "UMask=0027",
        "MemoryMax=\(program.memory.rawValue)",
        "TasksMax=16",
        "LimitNOFILE=4096",
        // A directory that is missing is told by the program, more clearly than by systemd.
        "ReadWritePaths=" + layout.written.map { Self.quoted("-" + $0) }.joined(separator: " "),
      ] + Self.hardening
    return lines.joined(separator: "\n") + "\n"
  }

  /// A pool stops before the relay does, which publishes its last clicks.
  private static func orderLines(_ program: HostProgram) -> [String] {
    program.isPool ? ["After=\(SystemdUnit(.relay).file)"] : []
  }

  /// All workers of a pool accept on its one socket, which each has as descriptor 0.
  private func inputLines(_ unit: SystemdUnit) -> [String] {
    let input = unit.socket.map { ["Sockets=\($0)", "StandardInput=socket"] } ?? []
    return input + ["StandardOutput=journal", "StandardError=journal"]
  }

  /// A wrong argument (64), data that somebody must mend (65) and a wrong setting (78) stay so.
  private static func restartLines(_ program: HostProgram) -> [String] {
    [
      program.endsByItself ? "Restart=on-failure" : "Restart=always",
      program.endsByItself ? "RestartSec=5s" : "RestartSec=100ms",
      "RestartPreventExitStatus=64 65 78",
      "TimeoutStopSec=10",
    ]
  }

  /// What a program may do beyond its directories, its sockets and its memory: nothing.
  ///
  /// A netlink socket tells the addresses of this host (getifaddrs).
  private static let hardening = [
    "CapabilityBoundingSet=", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes",
    "PrivateTmp=yes", "PrivateDevices=yes", "ProtectKernelTunables=yes", "ProtectKernelModules=yes",
    "ProtectKernelLogs=yes", "ProtectControlGroups=yes", "ProtectClock=yes", "ProtectHostname=yes",
    "ProtectProc=invisible", "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
    "RestrictNamespaces=yes", "RestrictRealtime=yes", "RestrictSUIDSGID=yes",
    "LockPersonality=yes", "MemoryDenyWriteExecute=yes", "SystemCallArchitectures=native",
    "SystemCallFilter=@system-service", "SystemCallFilter=~@privileged @resources",
    "SystemCallErrorNumber=EPERM",
  ]

  /// systemd expands what follows a `%`.
  private static func value(_ value: String) -> String {
    let sign = UInt8(ascii: "%")
    let bytes = value.utf8.flatMap { $0 == sign ? [sign, sign] : [$0] }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Quoted only where a blank makes it necessary.
  private static func quoted(_ text: String) -> String {
    let text = value(text)
    return text.utf8.contains(UInt8(ascii: " ")) ? "\"\(text)\"" : text
  }
}
