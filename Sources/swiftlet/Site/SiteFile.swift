/// nginx's site file: every value of one installation, and nothing else.
struct SiteFile {
  let values: SiteValues
  var form = SiteForm()

  var text: String {
    [head, upstreams, limits, additions, SiteServers(values: values, form: form).text]
      .joined(separator: "\n\n") + "\n"
  }

  private var head: String {
    """
    # The site: every value of this installation, and nothing else. `swiftlet site` has made it from the
    # settings: change those, and not this file. It belongs in nginx's http block. The rules that are the
    # same at every site are the included files, in /etc/nginx/swiftlet. What is this machine's own goes into
    # files of /etc/nginx/swiftlet-local: http-*.conf for the http block, server-*.conf for the server.
    \(form.hasHashSize ? Self.hashSize : "")
    include swiftlet/http.conf;
    """
  }

  /// nginx takes this directive once only.
  private static let hashSize = """

    # Room for the names of nginx's variables. `swiftlet site --install` leaves it out where nginx has it already.
    variables_hash_max_size 2048;

    """

  /// The pools, and what nginx knows of this installation.
  private var upstreams: String {
    """
    # The shortener has three sockets: one for redirects; one for look-ups, the redirects that PostgreSQL
    # must be asked for; and one for retries (spare), which nginx asks only when a worker of the first two
    # has died or does not answer. The API has a socket of its own, listed twice: so nginx asks a second of
    # its workers when the first has died. None is set aside for failures (max_fails=0): a worker that
    # ends is replaced within a second.
    #
    # max_conns: each of nginx's workers has no more look-ups under way than the look-up workers have places
    # for, and few retries of look-ups. nginx answers what is beyond both as if all had failed (502).
    #
    # nginx keeps connections to them, few of those that the workers may have (`swiftlet site` says how
    # many), so that new ones find a place. It closes one by its own clock, well before a worker that
    # was asked to stop would (5 s), so that no request is sent on a connection that has ended.
    upstream swiftlet_redirects {
        server "unix:\(values.sockets)/shortener.sock" max_fails=0;
        server "unix:\(values.sockets)/shortener-spare.sock" max_fails=0 backup;
    \(values.redirects.keptLines)
    }

    upstream swiftlet_lookups {
        server "unix:\(values.sockets)/shortener-lookup.sock" max_fails=0 max_conns=\(values.lookups.placesOfOneServer);
        server "unix:\(values.sockets)/shortener-spare.sock" max_fails=0 max_conns=4 backup;
    \(values.lookups.keptLines)
    }

    upstream swiftlet_api {
        server "unix:\(values.sockets)/shortener-api.sock" max_fails=0;
        server "unix:\(values.sockets)/shortener-api.sock" max_fails=0;
    \(values.api.keptLines)
    }

    # The same workers for requests that nginx sends once only. It keeps no connection to them: a PUT or
    # DELETE that fails on a kept one would be sent again, though there is no other server.
    upstream swiftlet_api_once {
        server "unix:\(values.sockets)/shortener-api.sock" max_fails=0;
    }

    upstream swiftlet_analytics {
        server "unix:\(values.sockets)/analytics.sock" max_fails=0;
    }

    # Pages of these origins may call the service from a browser (CORS_ORIGINS).
    map $http_origin $swiftlet_site_origin {
        default "";
    \(values.originLines)
    }

    # Pages of these origins may call the REST API (REST_CORS_ORIGINS).
    map $http_origin $swiftlet_rest_origin {
        default "";
    \(values.restOriginLines)
    }

    # The value of Access-Control-Allow-Origin.
    map $swiftlet_is_rest $swiftlet_cors_origin {
        default $swiftlet_site_origin;
        1 $swiftlet_rest_origin;
    }

    # The directory of the pages that visitors see (SITE_PAGES), and security.txt (SECURITY_CONTACT). These maps
    # replace those of the included files.
    map "" $swiftlet_pages {
        default "\(values.pages)";
    }

    map "" $swiftlet_security {
        default "\(values.security.quoted)";
    }

    # The origin of this site's own pages (BASE_URL), whose sessions count.
    map "" $swiftlet_origin {
        default "\(values.origin)";
    }

    # How a visit is counted (PREFETCH_POLICY, GPC_POLICY, DNT_POLICY, DISABLE_TRACK_PARAM,
    # DISABLE_TRACKING_FROM): empty for as any other, 0 for not at all, else its click's flags.
    \(values.counting.httpLines)
    \(values.tls?.httpLines ?? "")\(values.fastPath.map(\.httpLines) ?? "")
    """
  }

  /// What one client may ask for.
  private var limits: String {
    """
    # Limits for one client (LIMIT_CREATIONS, LIMIT_STATS, LIMIT_REST, LIMIT_HEALTH, LIMIT_UNKNOWN,
    # LIMIT_CONNECTIONS). A limit that is off has an empty key, which nginx does not count.
    limit_req_zone \(values.creations.key) zone=swiftlet_creation:10m rate=\(values.creations.number)r/m;
    limit_req_zone \(values.stats.key) zone=swiftlet_stats:10m rate=\(values.stats.number)r/m;
    limit_req_zone \(values.rest.key) zone=swiftlet_rest:10m rate=\(values.rest.number)r/s;
    limit_req_zone \(values.health.key) zone=swiftlet_health:10m rate=\(values.health.number)r/s;
    limit_req_zone \(values.unknown.key) zone=swiftlet_unknown:10m rate=\(values.unknown.number)r/s;
    limit_conn_zone \(values.connections.key) zone=swiftlet_connections:10m;

    # Retry-After of a link too many, and of a request of statistics too many: until one more is allowed.
    map "" $swiftlet_creation_wait {
        default \(values.creations.secondsForOne);
    }

    map "" $swiftlet_stats_wait {
        default \(values.stats.secondsForOne);
    }
    """
  }

  /// This machine's own lines of the http block.
  private var additions: String {
    """
    include swiftlet-local/http-*.conf;
    """
  }
}
