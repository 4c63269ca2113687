import Service

/// `/.well-known/security.txt` (RFC 9116): whom to tell of a weakness of this site.
struct SecurityText {
  private let contacts: [String]
  private let expires: String

  /// - Throws: `SettingError` for contacts without an end, which RFC 9116 wants.
  init(_ read: Variables) throws(SettingError) {
    contacts = try read.list(.securityContact)
    expires = try read.text(.securityExpires)
    guard contacts.isEmpty || !expires.isEmpty else {
      throw SettingError(
        name: Setting.securityExpires.name, value: "",
        expected: "a time like 2027-06-30T00:00:00Z, since SECURITY_CONTACT is set")
    }
  }

  /// nginx's quoted string of it; empty without contacts.
  var quoted: String {
    guard !contacts.isEmpty else { return "" }
    let lines = contacts.map { "Contact: " + $0 } + ["Expires: " + expires]
    return lines.map { $0 + #"\n"# }.joined()
  }
}
