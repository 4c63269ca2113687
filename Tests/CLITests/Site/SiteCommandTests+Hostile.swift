extension SiteCommandTests {
  /// Values that would say something else to nginx than is meant, or nothing, by their setting.
  static let hostile: [String: [String]] = [
    "BASE_URL": ["https://sho;rt", "https://sho.rt/{", "https://*.sho.rt", "ftp://sho.rt"],
    "CORS_ORIGINS": [
      "*", "null", "https://a.example/", "https://a\";", "https://a.example:123456",
    ],
    "REST_CORS_ORIGINS": ["* *", "*, https://a.example", "**", "null", "~.", "https://a\";"],
    "SITE_LISTEN": ["80; include /etc/passwd", "80}", "$port", "80\n81", "80 #", " "],
    "SITE_NAME": ["a; return 200", "a{", "\"a", "$host", "~^(.*)$", " "],
    "SITE_LOG": ["/a\"; x \"", "/a\\", "/$host", "/a\nb"], "SITE_DOCS": ["/a\"", "/$arg_x"],
    "SECURITY_CONTACT": [
      "a@b.example", "mailto:", "mailto:a\"@b", "mailto:$a", "https://x;", "http://x",
    ],
    "SECURITY_EXPIRES": [
      "2027", "2027-06-30", "2027-06-30T00:00:00", "2027-02-30T00:00:00Z",
      "2027-06-30T00:00:00+01:00",
    ],
    "SITE_PAGES": ["/a\"", "/$arg_x", "/a;b"],
    "SITE_DASHBOARD": ["/a\"", "/$arg_x"], "DASHBOARD": ["2", "on"],
    "SWIFTLET_RUN": ["/a\"", "/a;b", "/a'"], "SITE_FOLDER": ["/a\" .. os.exit() .. \""],
    "JOURNAL_DIR": ["/a\"", "/a\\", "/a\u{7F}"], "STATE_DIR": ["/a\"", "/a\\", "/a\u{7F}"],
    "REDIS_URL": ["redis://h\"", "redis://h\\", "h"],
    "GPC_POLICY": ["none", "0;"], "DNT_POLICY": ["Count"],
    "PREFETCH_POLICY": ["1"], "DISABLE_TRACK_PARAM": ["a b", "a\"", "$a", "a|b", "é"],
    "DISABLE_TRACKING_FROM": [
      "10.0.0.0/33", "host", "10.0.0.1;", "1.2.*", "::1/129",
      (0...100).map { "10.0.0.\($0)" }.joined(separator: ","),
    ],
    "TLS_CERTIFICATE": ["/a\"", "/$host", "/a;b"], "TLS_KEY": ["/a\"", "/a\nb"],
    "TLS_LISTEN": ["443; x", "443}", "$port", " "], "ACME_DIRECTORY": ["/a\"", "/$arg_x"],
    "HSTS_MAX_AGE": ["-1", "a year", "60; preload"],
    "REAL_IP_FROM": ["10.0.0.*", "10.0.0.0/33", "balancer", "10.0.0.1;", "unix:"],
    "REAL_IP_HEADER": ["X Real", "X-Real-IP;", "$http_x"],
    "LIMIT_UNKNOWN": ["-1", "1r/s", "100000"], "NGINX_WORKERS": ["0", "auto"],
    "WORKER_CONNECTIONS": ["0", "513"], "SHORTENER_WORKERS": ["-1", "many"],
  ]
}
