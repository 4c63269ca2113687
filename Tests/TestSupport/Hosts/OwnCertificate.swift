/// A certificate of a test's own, made by openssl: it is its own issuer.
package struct OwnCertificate {
  package let certificate: String
  package let key: String

  /// - Parameters:
  ///   - name: The beginning of its files' names.
  ///   - directory: Where they are.
  ///   - hosts: The hosts that it is for.
  /// - Throws: When openssl fails.
  package init(_ name: String, in directory: ScratchDirectory, hosts: [String]) throws {
    (certificate, key) = (directory(name + ".pem"), directory(name + ".key"))
    try Command.check(
      "/usr/bin/openssl",
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-subj", "/CN=\(name)", "-addext",
        "subjectAltName=" + hosts.map { "DNS:" + $0 }.joined(separator: ","),
        "-keyout", key, "-out", certificate,
      ])
  }
}
