import Clicks
import Links
import Service

/// nginx's lines that say how a visit is counted: `$swiftlet_counting`.
///
/// It is empty for a visit as any other, 0 for one that isn't counted, else the flags of its click
/// (`ClickFlags`). Workers and the fast path only read it.
struct VisitCounting {
  private let prefetch: VisitPolicy
  private let gpc: VisitPolicy
  private let dnt: VisitPolicy
  private let parameter: String
  private let addresses: [AddressPattern]

  init(_ read: Variables) throws(SettingError) {
    prefetch = try read.visitPolicy(.prefetchPolicy)
    gpc = try read.visitPolicy(.gpcPolicy)
    dnt = try read.visitPolicy(.dntPolicy)
    parameter = try read.text(.untrackedParameter)
    addresses = try read.addresses(.untrackedAddresses)
  }

  /// The lines for the http block: one map after the other, so that what is not set costs nothing.
  var httpLines: String {
    var maps = [map("$swiftlet_client_counting", of: Self.signals, signalLines)]
    var counting = "$swiftlet_client_counting"
    if !parameter.isEmpty {
      maps.append(
        map("$swiftlet_query_counting", of: "$request_uri", [parameterLine], otherwise: counting))
      counting = "$swiftlet_query_counting"
    }
    maps.append(
      map(
        "$swiftlet_counting", of: addresses.isEmpty ? "\"\"" : "$binary_remote_addr",
        addresses.map { "\"~\(Self.expression(of: $0))\" 0;" }, otherwise: counting))
    return maps.joined(separator: "\n\n")
  }

  private func map(
    _ name: String, of source: String, _ lines: [String], otherwise value: String = "\"\""
  ) -> String {
    (["map \(source) \(name) {", "    default \(value);"] + lines.map { "    " + $0 } + ["}"])
      .joined(separator: "\n")
  }

  // MARK: - What a browser says

  private static let signals = "\"$swiftlet_prefetch:$http_sec_gpc:$http_dnt:$arg_qr\""

  /// What `signals` may have as 1, in this order.
  private struct Signals: OptionSet {
    let rawValue: UInt8

    static let prefetch = Signals(rawValue: 8)
    static let gpc = Signals(rawValue: 4)
    static let dnt = Signals(rawValue: 2)
    static let qrCode = Signals(rawValue: 1)
    static let sets = (UInt8(1)..<16).map(Signals.init(rawValue:))

    /// The expression of requests that have these, and perhaps others.
    var expression: String {
      "^"
        + [Signals.prefetch, .gpc, .dnt, .qrCode].map { contains($0) ? "1" : "[^:]*" }
        .joined(separator: ":") + "$"
    }
  }

  /// A line for each set of signals that the lines below it answer otherwise.
  ///
  /// nginx takes the first that fits, so a set comes before those that are parts of it. What most
  /// requests have is no expression, and found first.
  private var signalLines: [String] {
    var lines: [(set: Signals, value: String)] = []
    for set in Signals.sets {
      let below = lines.last { set.isSuperset(of: $0.set) }?.value ?? ""
      if value(of: set) != below { lines.append((set, value(of: set))) }
    }
    return ["\":::\" \"\";"]
      + lines.reversed().map { "\"~\($0.set.expression)\" \($0.value);" }
  }

  private func value(of set: Signals) -> String {
    let policies = [(Signals.prefetch, prefetch), (.gpc, gpc), (.dnt, dnt)]
      .filter { set.contains($0.0) }.map { $0.1 }
    if policies.contains(.ignore) { return "0" }
    var flags: ClickFlags = set.contains(.prefetch) ? .prefetch : []
    if set.contains(.qrCode) { flags.insert(.qrCode) }
    if policies.contains(.anonymous) { flags.insert(.anonymous) }
    return flags.isEmpty ? "" : String(flags.rawValue)
  }

  // MARK: - What the visited URL says

  /// The parameter with or without a value, each byte as it is or percent-encoded.
  ///
  /// The query is read as it came, and only once: what comes before the parameter is possessive.
  private var parameterLine: String {
    let name = parameter.utf8.map { byte in
      let digits = String(byte, radix: 16)
      return "(\\x\(digits)|(?i:%\(digits)))"
    }
    return "\"~^[^?]*+\\?([^&]*+&)*?\(name.joined())(=|&|$)\" 0;"
  }

  // MARK: - Where it comes from

  /// The same addresses as a regular expression of `$binary_remote_addr`.
  private static func expression(of pattern: AddressPattern) -> String {
    let halves = [
      (pattern.address.high, pattern.mask.high), (pattern.address.low, pattern.mask.low),
    ]
    let bytes = halves.flatMap { address, mask in
      stride(from: 56, through: 0, by: -8).map { shift in
        expression(
          UInt8(truncatingIfNeeded: address >> shift), UInt8(truncatingIfNeeded: mask >> shift))
      }
    }
    let mapped = "\\x00{10}\\xff\\xff"
    return pattern.isIPv4
      ? "^(?s)(\(mapped))?\(bytes.suffix(4).joined())\\z"
      : "^(?s)(?!\(mapped))\(bytes.joined())\\z"
  }

  /// One byte whose masked bits are those of an address; the mask's bits are its first.
  private static func expression(_ byte: UInt8, _ mask: UInt8) -> String {
    switch mask {
    case 0: "."
    case 255: hexadecimal(byte)
    default: "[\(hexadecimal(byte & mask))-\(hexadecimal(byte | ~mask))]"
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
