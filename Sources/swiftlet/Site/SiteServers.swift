/// The server blocks of nginx's site file: one, or with a certificate two.
struct SiteServers {
  let values: SiteValues
  let form: SiteForm

  var text: String {
    guard let tls = values.tls else {
      return note
        + server(
          values.listen,
          """

              set $swiftlet_acme "\(values.challenges)";
              include swiftlet/acme.conf;

          \(content)
          """)
    }
    return server(
      values.listen,
      """

          set $swiftlet_acme "\(values.challenges)";
          set $swiftlet_https_port "\(tls.port)";
          include swiftlet/https.conf;
      """) + "\n\n" + server(tls.listen(form), tls.serverLines(form) + "\n\n" + content)
  }

  /// Why a site of https links has no TLS.
  private var note: String {
    guard values.isSecure else { return "" }
    return """
      # BASE_URL is https, and TLS_CERTIFICATE names no certificate: a load balancer before this nginx has it.
      # REAL_IP_FROM says which one.

      """
  }

  /// A server block that has these lines.
  private func server(_ listen: [ListeningPlace], _ lines: String) -> String {
    """
    server {
    \(listen.map { $0.line(proxy: values.realAddress.isInProtocol) }.joined(separator: "\n"))
        server_name \(values.name);
        limit_conn swiftlet_connections \(values.connections.number);

        access_log "\(values.logs)/access.log" swiftlet buffer=32k flush=1s;
        error_log "\(values.logs)/error.log" warn;\(values.realAddress.serverLines)
    \(lines)
    }
    """
  }

  /// All that the site serves, by http or by TLS.
  private var content: String {
    """
        include swiftlet-local/server-*.conf;

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
    """
  }
}
