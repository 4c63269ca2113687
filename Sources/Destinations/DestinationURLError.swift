import Links

/// The reason why a URL can't be shortened; the text is for the client.
package enum DestinationURLError: Error, Equatable, CustomStringConvertible {
  case empty
  case tooLong
  case forbiddenCharacter
  case unsupportedScheme
  /// One that no link has, whoever makes it.
  case forbiddenScheme
  case userInfo
  case noHost
  case impossiblePort
  case malformed
  /// Browsers may disagree about the host's ASCII form, or have none for it.
  case internationalHost
  /// A number that is an address, or looks like one.
  case numericHost
  case leadsBack

  package var description: String {
    switch self {
    case .empty: "The URL is empty."
    case .tooLong: "The URL is longer than \(DestinationURL.maximumLength) bytes."
    case .forbiddenCharacter:
      "The URL has a backslash, a tab, a line end or a control character in it, "
        + "or its host has a blank or one of \" < >."
    case .unsupportedScheme: "The URL must begin with http:// or https://."
    case .forbiddenScheme: "No link leads to a URL of this scheme."
    case .userInfo: "The URL must not carry a user name or a password."
    case .noHost: "The URL has no host."
    case .impossiblePort: "The URL's port is not a number from 1 to 65535."
    case .malformed: "The URL's host is not a valid name or address."
    case .internationalHost:
      "The URL's host is no internationalized name that every browser opens alike; "
        + "a name with a symbol must be written in punycode (xn--…)."
    case .numericHost:
      "The URL's host is a number or an address in disguise; write an IPv4 address like 192.0.2.1."
    case .leadsBack: "The URL leads back to this shortener."
    }
  }
}
