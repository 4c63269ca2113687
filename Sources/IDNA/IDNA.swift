import CIDN2
import Glibc

/// Internationalized labels of host names, as libidn2 converts them.
///
/// UTS 46 without transitional processing, which is what browsers do, plus the checks of IDNA 2008,
/// which are stricter than theirs.
package enum IDNA {
  /// The ASCII form of one label.
  ///
  /// The C function: `idn2_lookup_u8`. It is called directly, because libcurl's call falls back to
  /// transitional processing, which names another host.
  ///
  /// - Parameter label: UTF-8 without dots; it may be an ASCII form (`xn--…`), which is checked.
  /// - Returns: Lower case ASCII; a mapping may have produced any character.
  /// - Throws: When libidn2 has no ASCII form for it.
  package static func ascii(label: [UInt8]) throws(IDNAError) -> [UInt8] {
    guard !label.contains(0) else { throw .invalid }
    var name: UnsafeMutablePointer<UInt8>?
    let flags = Int32(IDN2_NFC_INPUT.rawValue | IDN2_NONTRANSITIONAL.rawValue)
    let code = idn2_lookup_u8(label + [0], &name, flags)
    guard code == IDN2_OK.rawValue, let name else {
      throw code == IDN2_DISALLOWED.rawValue ? .disallowed : .invalid
    }
    defer { idn2_free(name) }
    return Array(UnsafeBufferPointer(start: name, count: Int(strlen(name))))
  }
}

/// The reason why a label has no ASCII form.
package enum IDNAError: Error, Equatable {
  /// IDNA 2008 disallows one of its characters, such as a symbol; in an `xn--…` label, UTS 46 was
  /// satisfied.
  case disallowed
  case invalid
}
