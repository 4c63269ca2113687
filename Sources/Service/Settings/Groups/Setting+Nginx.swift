import Files
import Links

/// nginx in front of the pools.
extension Setting {
  private static let limit = 0...99_999

  package static let nginxWorkers = Setting(
    "NGINX_WORKERS", .integer(1...10_000), "",
    "Worker processes of nginx; with WORKER_CONNECTIONS they decide how many connections "
      + "nginx keeps open; empty: one for each processor, nginx's own default")
  package static let corsOrigins = Setting(
    "CORS_ORIGINS", .origins, "",
    "Origins whose pages may call the API from a browser, e.g. https://app.example "
      + "https://b.example")
  package static let restCORSOrigins = Setting(
    "REST_CORS_ORIGINS", .originsOrAny, "*",
    "Origins whose pages may call the REST API (/rest) from a browser; by default those of any page"
  )
  package static let creationLimit = Setting(
    "LIMIT_CREATIONS", limit, 60,
    "Links that one client may make in a minute, with a burst of 30; 0: no limit",
    isEssential: true)
  package static let statsLimit = Setting(
    "LIMIT_STATS", limit, 120,
    "Requests of statistics that one client may make in a minute, with a burst of 60; 0: no "
      + "limit")
  package static let restLimit = Setting(
    "LIMIT_REST", limit, 20,
    "Requests under /rest that one client may make in a second, with a burst of 100; 0: no "
      + "limit")
  package static let healthLimit = Setting(
    "LIMIT_HEALTH", limit, 10,
    "Requests of /health and /stats/health that one client may make in a second, with a burst "
      + "of 20; 0: no limit")
  package static let unknownLimit = Setting(
    "LIMIT_UNKNOWN", limit, 10,
    "Answers of an unknown code that one client gets in a second; further ones are delayed (a "
      + "scanner waits); 0: no limit")
  package static let connectionLimit = Setting(
    "LIMIT_CONNECTIONS", limit, 64,
    "Simultaneous requests of one client; 0: no limit")
  package static let fastPath = Setting(
    "FAST_PATH", 0...1, 0,
    "1 lets nginx answer redirects itself, with libnginx-mod-http-lua; its user must be able "
      + "to write to JOURNAL_DIR. The site's file then contains REDIS_URL and the journals' "
      + "settings",
    isEssential: true)
  package static let prefetchPolicy = Setting(
    "PREFETCH_POLICY", .choice(VisitPolicy.names), VisitPolicy.ignore.rawValue,
    "How the request of a browser that fetches ahead is counted: count (as a bot's), anonymous "
      + "(without address, referrer and user agent), or ignore (not at all)")
  package static let gpcPolicy = Setting(
    "GPC_POLICY", .choice(VisitPolicy.names), VisitPolicy.anonymous.rawValue,
    "How a visit with `Sec-GPC: 1` is counted: count (as any), anonymous, or ignore")
  package static let dntPolicy = Setting(
    "DNT_POLICY", .choice(VisitPolicy.names), VisitPolicy.count.rawValue,
    "How a visit with `DNT: 1` is counted: count (as any), anonymous, or ignore")
  package static let untrackedParameter = Setting(
    "DISABLE_TRACK_PARAM", .parameter, "",
    "A parameter of the visited URL, such as nostat, with which a visit is not counted; empty: none"
  )
  package static let untrackedAddresses = Setting(
    "DISABLE_TRACKING_FROM", .addresses, "",
    "Addresses whose visits are not counted: 192.0.2.7, 10.0.0.0/8, 192.0.*.*, 2001:db8::/32; at "
      + "most \(AddressPattern.maximumCount), separated by commas")
  package static let dashboard = Setting(
    "DASHBOARD", 0...1, 1,
    "1 serves the dashboard at /dashboard/ on the host of BASE_URL; 0 leaves it out",
    isEssential: true)
  package static let siteListen = Setting(
    "SITE_LISTEN", .nginxWords, "",
    "Address and port of the site; empty: port 80 of every address, IPv4 and IPv6")
  package static let siteName = Setting(
    "SITE_NAME", .nginxWords, "", "The site's server_name; empty: the host of BASE_URL")
  package static let siteLogs = Setting(
    "SITE_LOG", .quotable, "/var/log/nginx", "Directory of the site's access.log and error.log")
  package static let siteDocs = Setting(
    "SITE_DOCS", .quotable, "/usr/share/swiftlet/docs", "Directory of the API's pages")
  package static let sitePages = Setting(
    "SITE_PAGES", .quotable, "/usr/share/swiftlet/pages",
    "Directory of the pages that visitors see: to change words and colours, change a copy of the "
      + "one that ships and name it here")
  package static let securityContact = Setting(
    "SECURITY_CONTACT", .contacts, "",
    "Whom to tell of a weakness of this site, for /.well-known/security.txt: mailto:, https: or tel: "
      + "addresses, separated by commas; empty: there is no such file")
  package static let securityExpires = Setting(
    "SECURITY_EXPIRES", .time, "",
    "Until when SECURITY_CONTACT is good, such as 2027-06-30T00:00:00Z: less than a year ahead")
  package static let siteDashboard = Setting(
    "SITE_DASHBOARD", .quotable, "/usr/share/swiftlet/dashboard", "Directory of the dashboard")
  package static let siteFolder = Setting(
    "SITE_FOLDER", .quotable, "/etc/nginx",
    "Directory where nginx finds swiftlet/, for the fast path"
  )
}

extension SettingGroup {
  static let nginx = SettingGroup(
    "nginx", "nginx",
    note:
      "`swiftlet site` prints nginx's site from these. A client is an IPv4 address, or the /64 of an "
      + "IPv6 one.",
    [
      .nginxWorkers, .corsOrigins, .restCORSOrigins, .creationLimit, .statsLimit, .restLimit,
      .healthLimit, .unknownLimit, .connectionLimit, .prefetchPolicy, .gpcPolicy, .dntPolicy,
      .untrackedParameter, .untrackedAddresses, .fastPath, .dashboard, .siteListen, .siteName,
      .siteLogs, .siteDocs, .siteDashboard, .sitePages, .securityContact, .securityExpires,
      .siteFolder,
    ])
}
