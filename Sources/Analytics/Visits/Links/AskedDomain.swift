import API
import Access
import Service

/// Which domain a request means.
enum AskedDomain {
  /// Shlink's word for the default domain.
  static let defaultWord = "DEFAULT"
  /// A host name with a port.
  static let limit = 253 + 6

  /// The parameter that narrows a list to one domain; nil without it.
  static func parameter(of reader: inout InputReader, _ summary: String) -> String? {
    reader.parameter("domain", .string(atMost: limit, sample: defaultWord), summary)
  }

  /// The domain as it is stored: '' for the default one, lower case for others.
  static func stored(_ asked: String?, base: BaseURL) -> String {
    let text = (asked ?? "").lowercased()
    let defaults = ["", defaultWord.lowercased(), base.host, base.authority]
    return defaults.contains(text) || base.isOwn(text) ? "" : text
  }

  /// The same for a caller who may have one domain only, and means that whatever they say.
  static func stored(_ asked: String?, for caller: Caller, base: BaseURL) -> String {
    caller.domain ?? stored(asked, base: base)
  }
}
