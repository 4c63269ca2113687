/// How clients reach the site: by TLS, or through a load balancer.
extension Setting {
  package static let certificate = Setting(
    "TLS_CERTIFICATE", .quotable, "",
    "File of the site's certificate, followed by its issuers' (fullchain.pem), for all names of "
      + "SITE_NAME. The site then serves https and redirects http there. Empty: this nginx has no TLS",
    isEssential: true)
  package static let certificateKey = Setting(
    "TLS_KEY", .quotable, "", "File of the certificate's private key", isEssential: true)
  package static let secureListen = Setting(
    "TLS_LISTEN", .nginxWords, "",
    "Address and port of the site over TLS; empty: port 443 of every address, IPv4 and IPv6")
  package static let challenges = Setting(
    "ACME_DIRECTORY", .quotable, "/var/lib/swiftlet/acme",
    "Directory whose .well-known/acme-challenge is served over http, for ACME clients such as "
      + "certbot --webroot")
  package static let strictTransport = Setting(
    "HSTS_MAX_AGE", 0...315_360_000, 0,
    "Seconds for which browsers ask this site's hosts by https only (Strict-Transport-Security). They "
      + "can't be told otherwise before; 0: no such header")
  package static let balancers = Setting(
    "REAL_IP_FROM", .networks, "",
    "Addresses of the load balancers that tell a client's address: 192.0.2.10, 10.0.0.0/8, "
      + "2001:db8::/32; nobody else is believed; empty: there is none",
    isEssential: true)
  package static let addressHeader = Setting(
    "REAL_IP_HEADER", .parameter, "X-Forwarded-For",
    "Header in which they tell it, or proxy_protocol: then they must speak that on every connection"
  )
}

extension SettingGroup {
  static let tls = SettingGroup(
    "tls", "TLS and load balancers", note: "`swiftlet site` prints nginx's site from these, too.",
    [
      .certificate, .certificateKey, .secureListen, .challenges, .strictTransport, .balancers,
      .addressHeader,
    ])
}
