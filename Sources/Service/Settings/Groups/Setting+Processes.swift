import Files

/// How many processes there are, and where they are in production.
extension Setting {
  private static let count = 0...10_000

  package static let shortenerWorkers = Setting(
    "SHORTENER_WORKERS", count, 4, "Processes of the shortener for redirects", isEssential: true)
  package static let lookupWorkers = Setting(
    "SHORTENER_LOOKUP_WORKERS", count, 2,
    "Processes of the shortener for look-ups, which bound the load of PostgreSQL")
  package static let apiWorkers = Setting(
    "SHORTENER_API_WORKERS", count, 8,
    "Processes of api: creation, the REST API, health, metrics")
  package static let retryWorkers = Setting(
    "SHORTENER_SPARE_WORKERS", count, 2, "Processes of the shortener for retries")
  package static let analyticsWorkers = Setting(
    "ANALYTICS_WORKERS", count, 4, "Processes of analytics")
  package static let consumers = Setting(
    "CONSUMERS", count, 1, "Consumers: one is active over all hosts, the others stand by")
  package static let workerConnections = Setting(
    "WORKER_CONNECTIONS", 1...512, 256,
    "Connections of nginx that one process of a pool may have; it serves one request at a time")

  package static let programDirectory = Setting(
    "SWIFTLET_BIN", .quotable, "/usr/libexec/swiftlet", "Directory of the programs")
  package static let socketDirectory = Setting(
    "SWIFTLET_RUN", .quotable, "/run/swiftlet", "Directory of their sockets")
  package static let logDirectory = Setting(
    "SWIFTLET_LOG", .quotable, "/var/log/swiftlet", "Directory of their logs")
  package static let user = Setting(
    "SWIFTLET_USER", .quotable, "swiftlet",
    "User that the programs run as")
  package static let group = Setting(
    "SWIFTLET_GROUP", .quotable, "www-data",
    "Group of nginx's user, which may use the sockets")
  package static let supervisor = Setting(
    "SUPERVISOR_URL", .url(schemes: ["unix", "http"], form: "unix:///path or http://host:port"), "",
    "supervisord's address for `swiftlet restart`, which leaves its sections alone then; empty: the "
      + "machine's own")

  package static let port = Setting("PORT", 1...65_535, 8080, "Port of nginx on 127.0.0.1")
  package static let brokerPage = Setting(
    "RABBITMQ_MANAGEMENT", 0...1, 0, "1 starts RabbitMQ's management page")
}

extension SettingGroup {
  static let processes = SettingGroup(
    "processes", "Processes",
    [
      .shortenerWorkers, .lookupWorkers, .apiWorkers, .retryWorkers, .analyticsWorkers,
      .consumers, .workerConnections,
    ])
  static let production = SettingGroup(
    "production", "Production: directories and owners (the private stack has its own)",
    [.programDirectory, .socketDirectory, .logDirectory, .user, .group, .supervisor])
  static let privateStack = SettingGroup(
    "stack", "Private stack (make run)", [.port, .brokerPage])
}
