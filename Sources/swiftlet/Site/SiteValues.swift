import Service

/// What one installation's settings make of nginx's site.
struct SiteValues {
  let listen: [ListeningPlace]
  /// Nil where this nginx has no certificate.
  let tls: SiteTLS?
  /// Whether links begin with https.
  let isSecure: Bool
  let realAddress: RealAddress
  /// The directory of files for the issuer of certificates.
  let challenges: String
  let name: String
  /// The host of BASE_URL, whose links those of the default domain are.
  let host: String
  /// That of its own pages, as browsers write it.
  let origin: String
  let logs: String
  let docs: String
  let pages: String
  let security: SecurityText
  /// The directory of the dashboard; nil when it is off.
  let dashboard: String?
  /// The directory of the pools' sockets.
  let sockets: String
  private let origins: [String]
  private let restOrigins: [String]
  let redirects: PoolPlaces
  let lookups: PoolPlaces
  let api: PoolPlaces
  let creations: ClientLimit
  let stats: ClientLimit
  let rest: ClientLimit
  let health: ClientLimit
  let unknown: ClientLimit
  let connections: ClientLimit
  let counting: VisitCounting
  /// Nil when it is off.
  let fastPath: FastPath?

  init(_ read: Variables) throws(SettingError) {
    listen = ListeningPlace.all(try read.text(.siteListen), port: 80)
    let base = try read.baseURL(.baseURL)
    isSecure = base.isTLS
    tls = try SiteTLS(read, base: base)
    realAddress = try RealAddress(read)
    challenges = try read.text(.challenges)
    (host, origin) = (base.host, base.origin)
    let siteName = try read.text(.siteName)
    name = siteName.isEmpty ? host : siteName
    logs = try read.text(.siteLogs)
    docs = try read.text(.siteDocs)
    pages = try read.text(.sitePages)
    security = try SecurityText(read)
    dashboard = try read.integer(.dashboard) == 1 ? read.text(.siteDashboard) : nil
    sockets = try read.text(.socketDirectory)
    origins = try read.list(.corsOrigins)
    restOrigins = try read.list(.restCORSOrigins)
    redirects = try PoolPlaces(workers: .shortenerWorkers, read)
    lookups = try PoolPlaces(workers: .lookupWorkers, read)
    api = try PoolPlaces(workers: .apiWorkers, read)
    creations = .of(strangers: try read.integer(.creationLimit))
    stats = .of(strangers: try read.integer(.statsLimit))
    rest = .of(strangers: try read.integer(.restLimit))
    health = .of(all: try read.integer(.healthLimit))
    unknown = .of(all: try read.integer(.unknownLimit))
    connections = .of(all: try read.integer(.connectionLimit))
    counting = try VisitCounting(read)
    fastPath = try read.integer(.fastPath) == 1 ? FastPath(read) : nil
  }

  /// The lines of the dashboard, or none.
  var dashboardLines: String {
    dashboard.map { directory in
      """

          set $swiftlet_dashboard "\(directory)";
          include swiftlet/dashboard.conf;
      """
    } ?? ""
  }

  /// The lines of nginx's map of allowed origins.
  var originLines: String { Self.lines(of: origins) }

  /// The same for the REST API.
  var restOriginLines: String { Self.lines(of: restOrigins) }

  private static func lines(of origins: [String]) -> String {
    origins == [SettingForm.anyOrigin]
      ? "    \"~.\" \"*\";"
      : origins.map { "    \"\($0)\" \"\($0)\";" }.joined(separator: "\n")
  }
}
