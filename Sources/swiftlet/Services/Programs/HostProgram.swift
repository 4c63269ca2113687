import Service

/// One of Swiftlet's programs on a host, as a service manager runs it.
struct HostProgram {
  /// Its name to the service manager and to the operator.
  let section: String
  /// The file in SWIFTLET_BIN.
  let file: String
  /// A program with arguments runs until it is done; it is restarted only when it fails.
  let arguments: [String]
  let role: ShortenerRole?
  /// The name of a pool's socket in SWIFTLET_RUN.
  let socket: String?
  /// The setting that has the number of its processes; nil for one process.
  let processes: Setting?
  /// supervisord stops the programs in the reverse order.
  let priority: Int
  let memory: Memory
  let serves: String

  /// The limit of a process's memory.
  enum Memory: String {
    case worker = "256M"
    case mover = "1G"
  }

  private init(
    _ section: String, _ file: String, _ arguments: [String] = [], role: ShortenerRole? = nil,
    socket: String? = nil, processes: Setting? = nil, priority: Int = 500,
    memory: Memory = .worker, _ serves: String
  ) {
    self.section = section
    self.file = file
    self.arguments = arguments
    self.role = role
    self.socket = socket
    self.processes = processes
    self.priority = priority
    self.memory = memory
    self.serves = serves
  }

  var isPool: Bool { socket != nil }
  var endsByItself: Bool { !arguments.isEmpty }

  /// How many processes of it this host has.
  func count(_ read: Variables) throws(SettingError) -> Int {
    guard let processes else { return 1 }
    return try read.integer(processes)
  }

  static let relay = HostProgram(
    "relay", "relay", priority: 400, memory: .mover,
    "Click journals to RabbitMQ, one process a host.")

  /// All programs, in the order of a restart.
  ///
  /// The retry workers come first, since nginx asks them while others restart. The programs behind
  /// the workers come last.
  static let all = [
    HostProgram(
      "shortener-spare", "shortener", role: .retries, socket: "shortener-spare.sock",
      processes: .retryWorkers,
      "Retries: nginx asks here when a worker for redirects or look-ups fails."),
    HostProgram(
      "shortener-lookup", "shortener", role: .lookups, socket: "shortener-lookup.sock",
      processes: .lookupWorkers,
      "Redirects that Redis doesn't know: only these few workers ask PostgreSQL for a link."),
    HostProgram(
      "shortener", "shortener", role: .redirects, socket: "shortener.sock",
      processes: .shortenerWorkers,
      "Redirects. Waits for Redis alone, and hands on what Redis doesn't know."),
    HostProgram(
      "shortener-api", "api", socket: "shortener-api.sock", processes: .apiWorkers,
      "Creation, health, metrics. No redirect waits behind these."),
    HostProgram(
      "analytics", "analytics", socket: "analytics.sock", processes: .analyticsWorkers,
      "Statistics from ClickHouse."),
    HostProgram(
      "invalidator", "invalidator", priority: 450,
      "Announced changes of links into what this host remembers of them, one process a host."),
    relay,
    HostProgram(
      "dispatcher", "dispatcher", priority: 350, memory: .mover,
      "Changes of links from PostgreSQL to Redis's channel. One process is active over all hosts, "
        + "the others stand by."),
    HostProgram(
      "consumer", "consumer", processes: .consumers, priority: 300, memory: .mover,
      "Clicks from RabbitMQ to ClickHouse. One process is active, the others stand by."),
    HostProgram(
      "carry", "swiftlet", ["clicks", "carry"], priority: 250, memory: .mover,
      "Clicks of earlier releases into today's tables; it ends when all are there."),
  ]
}
