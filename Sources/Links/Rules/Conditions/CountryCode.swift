/// A country by its two letters (ISO 3166-1 alpha-2).
package struct CountryCode: Equatable, Sendable, CustomStringConvertible {
  private let letters: UInt16

  /// Reads a code in any case.
  ///
  /// - Returns: Nil for what is the code of no country.
  package init?(_ text: String) {
    let upper = text.utf8.map { $0.lowercased &- 0x20 }
    guard upper.count == 2, Self.all.contains(Self.letters(upper)) else { return nil }
    letters = Self.letters(upper)
  }

  package var description: String {
    String(decoding: [UInt8(letters >> 8), UInt8(letters & 0xFF)], as: UTF8.self)
  }

  private static func letters(_ bytes: some Collection<UInt8>) -> UInt16 {
    bytes.reduce(0) { $0 << 8 | UInt16($1) }
  }

  private static let all = Set(list.utf8.split { $0 < 0x41 }.map(letters))

  /// The 249 codes that are assigned.
  private static let list = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN
    BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ
    DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL
    GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM
    JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
    MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP
    NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD
    SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """
}
