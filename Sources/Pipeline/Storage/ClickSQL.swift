package import ClickHouse
import Visitors

/// A consumer's derived values as SQL expressions, for clicks that are stored already.
///
/// Each returns the same as its twin in Swift for the same UTF-8 bytes.
package enum ClickSQL {
  /// The scope of a click without a link's id: `Scope(name:)`.
  ///
  /// - Parameter column: The short code, a String.
  /// - Returns: A UInt64.
  package static func scope(of column: SQL) -> SQL {
    """
    if(match(\(column), '^[1-9A-Za-z][0-9A-Za-z]{9,10}$') \
    AND (length(\(column)) = 10 OR \(column) <= '\(greatestCode)'), \
    toUInt64(\(number(of: column))), \
    bitOr(toUInt64(9223372036854775808), intDiv(sipHash64(\(column)), 2)))
    """
  }

  /// Base62 of the greatest id; the digits are ordered as their bytes.
  ///
  /// So codes of its length are compared as text.
  private static let greatestCode: SQL = "AzL8n0Y58m7"

  /// The number of ten or eleven Base62 digits; an arbitrary number for other text.
  private static func number(of column: SQL) -> SQL {
    var power: Int64 = 1
    var terms: [SQL] = []
    for place in 1...11 {
      let digit = place < 11 ? "substring(\(column), -\(place), 1)" : eleventh(of: column)
      let byte: SQL = "toInt64(reinterpretAsUInt8(\(digit)))"
      terms.append(
        "(\(byte) - multiIf(\(byte) > 96, 61, \(byte) > 64, 55, 48)) * toInt64(\(power))")
      power = power.multipliedReportingOverflow(by: 62).partialValue
    }
    return SQL(list: terms, separator: " + ")
  }

  /// The first of eleven digits, `0` where there are ten.
  private static func eleventh(of column: SQL) -> SQL {
    "if(length(\(column)) = 11, substring(\(column), 1, 1), '0')"
  }

  /// The host of a referrer: `ReferrerHost`.
  ///
  /// - Parameter column: A String.
  /// - Returns: A String; empty where there is no host.
  package static func referrerHost(of column: SQL) -> SQL {
    let found: SQL = "lower(extract(\(column), \(ReferrerHost.pattern)))"
    return "if(length(\(found)) <= \(ReferrerHost.maximumBytes), \(found), '')"
  }

  /// An address in its normal form: `VisitorAddress`, for the spellings that nginx writes.
  ///
  /// - Parameter column: A String.
  /// - Returns: A String: `a.b.c.d` for `::ffff:a.b.c.d`, else the same.
  package static func address(of column: SQL) -> SQL {
    "if(match(\(column), \(mapped)), substring(\(column), 8), \(column))"
  }

  private static let mapped = "^::[fF]{4}:(?:\(octet)\\.){3}\(octet)$"
  private static let octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
}
