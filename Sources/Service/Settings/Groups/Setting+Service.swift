import Files

/// What the programs do.
extension Setting {
  package static let baseURL = Setting(
    "BASE_URL", .baseURL, "http://localhost:8080",
    "The beginning of short URLs: http(s)://host[:port], no path; links to this host are "
      + "refused. The private stack's default has its PORT",
    isEssential: true)
  package static let shortening = Setting(
    "SHORTEN", .choice(Offering.allCases.map(\.rawValue)), "open",
    "Who may make links by POST /shorten: open (everybody), key (who has an API key), or off (nobody)",
    isEssential: true)
  package static let statistics = Setting(
    "STATS", .choice([Offering.open, .key].map(\.rawValue)), "open",
    "Who may read /stats: open (everybody), or key (who has an API key, of the links that it sees)",
    isEssential: true)
  package static let wrongKeyLimit = Setting(
    "LIMIT_WRONG_KEYS", 0...99_999, 120,
    "Wrong API keys that one client may send in a minute, divided among the workers of this host; 0: no limit"
  )
  static let codeStyle = Setting(
    "CODE_STYLE", .choice(["snowflake", "random", "random-clear"]), "snowflake",
    "How links are named that nobody names: by their ids, by random letters and digits, or by those "
      + "without 0 O o 1 I i l L")
  static let codeLength = Setting(
    "CODE_LENGTH", 5...12, 7, "Characters of a random code; 5 make 916 million codes")
  static let multiSegmentSlugs = Setting(
    "MULTI_SEGMENT_SLUGS", 0...1, 0,
    "1 lets slugs have slashes, as in news/2026; else a slash of a wanted slug becomes a dash")
  static let previews = Setting(
    "PREVIEW", 0...1, 1,
    "1 shows people where a link leads, and follows nothing, when a + is behind its short URL; 0: for no "
      + "link")
  static let deletionThreshold = Setting(
    "DELETE_THRESHOLD", 0...1_000_000_000, 0,
    "Visits from which on no API key may delete a link; 0: any number. The command line always may")
  static let autoResolveTitles = Setting(
    "AUTO_RESOLVE_TITLES", 0...1, 1,
    "1 lets the dispatcher read the titles of pages that links of the REST API lead to, when a link "
      + "is made without one")
  static let allowedInnerNetworks = Setting(
    "ALLOWED_INNER_NETWORKS", .hosts, "",
    "Addresses and networks, such as 10.0.0.0/8, that programs may connect to where a user chose the "
      + "host, though they are not of the public internet; separated by commas")
  package static let geoDatabase = Setting(
    "GEO_DB", .text, "",
    "A geolocation database of this host in MaxMind's format (.mmdb), for redirect rules on countries "
      + "and cities; another one must be renamed to its place. Empty: such conditions hold for nobody"
  )
  static let ownHosts = Setting(
    "OWN_HOSTS", .hosts, "",
    "Further hosts whose links are refused since they lead back here: names or addresses, "
      + "separated by commas. They have the links of BASE_URL's domain: name no domain with links of "
      + "its own. Name a public address that no interface has. The hosts of BASE_URL, "
      + "localhost and this machine's interfaces are always refused")
  package static let journalDirectory = Setting(
    "JOURNAL_DIR", .text, "/var/lib/swiftlet/journal",
    "Directory of the click journals: a local disk, written by the pools, emptied by the relay",
    isEssential: true)
  package static let stateDirectory = Setting(
    "STATE_DIR", .text, "/var/lib/swiftlet/state",
    "Directory of the state that this host's programs share: on a local disk, owned by the "
      + "user they run as, mode 0711, outside JOURNAL_DIR")
  package static let journalSegmentBytes = Setting(
    "JOURNAL_SEGMENT_BYTES", 4096...(1 << 40), 64 << 20,
    "Bytes of a journal after which a worker begins a new one")
  package static let journalMaxBytes = Setting(
    "JOURNAL_MAX_BYTES", (1 << 20)...(1 << 50), 4 << 30,
    "Bytes of all journals together (about 15 million clicks); beyond them clicks are dropped "
      + "and counted")
  package static let droppedIDs = Setting(
    "DROPPED_IDS", .text, "",
    "A file that gets the id of each dropped click, one a line, on another disk than the "
      + "journals; its size is not bounded. Empty: none")
  static let journalSync = Setting(
    "JOURNAL_SYNC_MS", 0...60_000, 100,
    "Milliseconds after which the relay syncs clicks that RabbitMQ has not confirmed: a power "
      + "cut takes the clicks of that time and of one sync; 0: never")
  static let cacheLifetime = Setting(
    "CACHE_TTL", 1...31_536_000, 86_400, "Seconds a link stays in Redis")
  static let missLifetime = Setting(
    "MISS_TTL", 1...3600, 30, "Seconds an unknown code is remembered as unknown")
  package static let hotCache = Setting(
    "HOT_CACHE_MS", 0...60_000, 30_000,
    "Milliseconds a worker remembers a link without asking Redis again, unless the link "
      + "changes; 0: none")
  package static let redirectMaxAge = Setting(
    "REDIRECT_MAX_AGE", 0...31_536_000, 90, "Seconds a browser may keep a redirect")
  static let workerIDLease = Setting(
    "WORKER_ID_LEASE_TTL", 2...3600, 60, "Seconds a worker id is leased for; renewed at half of it")
  package static let initialAPIKey = Setting(
    "INITIAL_API_KEY", .apiKey, "",
    "An API key with all rights, 16 to 128 visible ASCII characters: swiftlet migrate makes it while "
      + "there is no key at all. Empty: none")
  static let logLevel = Setting(
    "LOG_LEVEL", .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
    "info", "trace, debug, info, notice, warning, error or critical")
  package static let shortenerRole = Setting(
    "SHORTENER_ROLE", .choice(ShortenerRole.allCases.map(\.rawValue)), "all",
    "What a process of the shortener serves: redirects, lookups, retries, or all redirects on "
      + "one socket. supervisord sets it for each of its programs")
  /// The retry role's name in the configuration of earlier versions; it is in no list.
  static let secondTry = Setting("SECOND_TRY", 0...1, 0, "")
}

extension SettingGroup {
  static let service = SettingGroup(
    "service", "Service",
    [
      .baseURL, .shortening, .statistics, .wrongKeyLimit, .ownHosts, .codeStyle, .codeLength,
      .multiSegmentSlugs, .previews, .deletionThreshold,
      .autoResolveTitles, .allowedInnerNetworks, .geoDatabase, .journalDirectory, .stateDirectory,
      .journalSegmentBytes, .journalMaxBytes, .droppedIDs, .journalSync, .cacheLifetime,
      .missLifetime, .hotCache, .redirectMaxAge, .workerIDLease, .initialAPIKey,
      .logLevel, .shortenerRole,
    ])
}
