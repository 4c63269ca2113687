/// nginx's site file: every value of one installation, and nothing else.
struct SiteFile {
  let values: SiteValues

  var text: String { [upstreams, limits, servers].joined(separator: "\n\n") + "\n" }

  /// The pools, and what nginx knows of this installation.
  private var upstreams: String {
    """
    # The site: every value of this installation, and nothing else. It belongs in nginx's http block.
    # `swiftlet site` has printed it from the settings. The rules that are the same at every site are
    # the included files: link or copy the directory nginx-config/swiftlet to /etc/nginx/swiftlet.

    include swiftlet/http.conf;

    # The shortener has three sockets: one for redirects; one for look-ups, the redirects that PostgreSQL
    # must be asked for; and one for retries (spare), which nginx asks only when a worker of the first two
    # has died or does not answer. The API has a socket of its own, listed twice: so nginx asks a second of
    # its workers when the first has died. None is set aside for failures (max_fails=0): supervisord
    # replaces a worker within a second.
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
    \(values.fastPath.map(\.httpLines) ?? "")
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

  /// Where the site listens.
  private var servers: String {
    """
    server {
    \(values.listenLines)
        server_name \(values.name);
        limit_conn swiftlet_connections \(values.connections.number);

        access_log "\(values.logs)/access.log" swiftlet buffer=32k flush=1s;
        error_log "\(values.logs)/error.log" warn;

        # Behind a load balancer the client's address is in a header; believe it from that host alone.
        # set_real_ip_from 192.0.2.10;
        # real_ip_header X-Forwarded-For;

        set $swiftlet_docs "\(values.docs)";

        include swiftlet/server.conf;
        set $swiftlet_visit $swiftlet_counting;
        # Another host than that of BASE_URL may be a domain with links of its own.
        if ($host != "\(values.host)") {
            set $swiftlet_host $host;
        }
        include swiftlet/rest.conf;\(values.fastPath.map(\.locationLine) ?? "")
        include swiftlet/qr-codes.conf;
        include swiftlet/robots.conf;\(values.dashboardLines)\(values.fastPath.map(\.segmentsLine) ?? "")
    }

    # With a certificate: HTTP/2 and TLS here, and the server above turns into
    # `return 308 https://$host$request_uri;`.
    #
    # server {
    #     listen 443 ssl http2;
    #     listen [::]:443 ssl http2;
    #     server_name \(values.name);
    #     limit_conn swiftlet_connections \(values.connections.number);
    #
    #     ssl_certificate /etc/letsencrypt/live/\(values.name)/fullchain.pem;
    #     ssl_certificate_key /etc/letsencrypt/live/\(values.name)/privkey.pem;
    #     ssl_protocols TLSv1.2 TLSv1.3;
    #     ssl_session_cache shared:swiftlet_tls:10m;
    #     ssl_session_tickets off;
    #
    #     access_log "\(values.logs)/access.log" swiftlet buffer=32k flush=1s;
    #     error_log "\(values.logs)/error.log" warn;
    #     set $swiftlet_docs "\(values.docs)";
    #     include swiftlet/server.conf;
    #     set $swiftlet_visit $swiftlet_counting;
    #     if ($host != "\(values.host)") {
    #         set $swiftlet_host $host;
    #     }
    #     include swiftlet/rest.conf;
    #     # With FAST_PATH=1: include swiftlet/fastpath.conf;
    #     include swiftlet/qr-codes.conf;
    #     include swiftlet/robots.conf;
    #     # With DASHBOARD=1: set $swiftlet_dashboard "…"; include swiftlet/dashboard.conf;
    #     # With FAST_PATH=1 and MULTI_SEGMENT_SLUGS=1: include swiftlet/fastpath-segments.conf;
    # }
    """
  }
}
