import Clicks
import Curl
import Destinations
import Glibc
import JSON
import Links
import Service

/// libFuzzer's way in: FUZZ_TARGET names the parser that the bytes go to.
///
/// A target traps when its parser breaks a promise: that is a crash like any other, and libFuzzer
/// keeps the bytes.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  target(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}

private let target: @Sendable ([UInt8]) -> Void = {
  switch getenv("FUZZ_TARGET").map({ String(cString: $0) }) {
  case "url": return fuzzURL
  case "json": return fuzzJSON
  case "line": return fuzzLine
  case "click": return fuzzClick
  case "dotenv": return { bytes in _ = Variables.parseFile(String(decoding: bytes, as: UTF8.self)) }
  case "message": return fuzzMessage
  case "log": return fuzzLog
  case "cursors": return fuzzCursors
  case "address": return fuzzAddress
  case "rows": return fuzzRows
  case "target": return fuzzTarget
  case "record": return fuzzRecord
  case "input": return fuzzInput
  case "rules": return fuzzRules
  case "agent": return fuzzAgent
  case "pattern": return fuzzPattern
  case "key": return fuzzKey
  case "qrcode": return fuzzQRCode
  case let other:
    preconditionFailure("FUZZ_TARGET is \(other ?? "not set"): the Makefile has the list")
  }
}()

private let ownHosts = try? OwnHosts(["sho.rt"])

/// Checks an accepted URL: it is fit for a header, and is accepted again unchanged.
///
/// libcurl reads the same host and port in it. The host is none of ours, and no number in disguise.
private func fuzzURL(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  guard let ownHosts else { preconditionFailure("sho.rt is a host") }
  guard let url = try? DestinationURL(text, ownHosts: ownHosts) else { return }
  let utf8 = url.description.utf8
  precondition(utf8.count <= DestinationURL.maximumLength)
  precondition(utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
  precondition(url.description.lowercased().hasPrefix("http"))
  precondition((try? DestinationURL(url.description, ownHosts: ownHosts)) == url)
  checkReading(of: url, ownHosts)
}

/// Compares the host and port that libcurl reads with those that stand between `//` and the path.
private func checkReading(of url: DestinationURL, _ ownHosts: OwnHosts) {
  guard let read = WebAddress(url.description) else { preconditionFailure("libcurl reads no URL") }
  precondition(read.user == nil && read.password == nil)
  precondition(url.description.lowercased().hasPrefix(read.scheme + "://"))
  let rest = url.description.dropFirst(read.scheme.utf8.count + 3)
  let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
  if authority.first != "[" {
    let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
    precondition(parts[0] == read.host)
    precondition((parts.count > 1 ? Int(parts[1]) : nil) == read.port)
  }
  // As libcurl would fetch it, it is not ours either.
  precondition(read.host.lowercased() != "sho.rt" && read.host.lowercased() != "sho.rt.")
  guard let host = try? WebHost(Array(read.host.utf8)[...]), !ownHosts.contains(host) else {
    preconditionFailure("libcurl's host is none of those that are taken")
  }
}

/// A text that is taken can be written, and reads the same again.
private func fuzzJSON(_ bytes: [UInt8]) {
  guard let value = try? JSONValue(parsing: bytes) else { return }
  var writer = JSONWriter()
  writer.write(value)
  precondition((try? JSONValue(parsing: writer.bytes)) == value)
}

/// A line that is taken gives a click whose own line gives the same click.
///
/// Some codes and addresses are left out: we would write them with more bytes than they came in.
/// Their bounds are in bytes of the line, and ours never need escaping.
private func fuzzLine(_ bytes: [UInt8]) {
  guard let click = parse(bytes),
    (click.shortCode + click.address).utf8.allSatisfy({
      $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C
    })
  else { return }
  var line: [UInt8] = []
  click.appendLine(to: &line)
  precondition(parse(line.dropLast()) == click)
}

/// Whatever a client sends becomes one line of JSON that is a click again.
private func fuzzClick(_ bytes: [UInt8]) {
  let fields = bytes.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
    .map { String(decoding: $0, as: UTF8.self) }
  let click = Click(
    eventID: EventID(high: 1, low: 2), shortCode: "abc",
    linkID: SnowflakeID(decimal: bytes.prefix(2)), milliseconds: 1_700_000_000_123,
    address: "192.0.2.1", userAgent: fields[0], referrer: fields.count > 1 ? fields[1] : "",
    isRetried: fields.count > 2)
  var line: [UInt8] = []
  click.appendLine(to: &line)
  precondition(line.last == 0x0A && line.count(where: { $0 == 0x0A }) == 1)
  precondition((try? JSONValue(parsing: line))?.object != nil)
  guard let read = parse(line.dropLast()) else { preconditionFailure("the line is no click") }
  precondition(read.linkID == click.linkID && read.shortCode == click.shortCode)
  precondition(read.userAgent.utf8.count <= Click.maximumUserAgentBytes)
  precondition(click.userAgent.utf8.starts(with: read.userAgent.utf8))
  precondition(click.referrer.utf8.starts(with: read.referrer.utf8))
}

private func parse(_ line: some Collection<UInt8>) -> Click? {
  Array(line).withUnsafeBufferPointer { try? ClickLine(parsing: $0).click }
}

extension JSONWriter {
  fileprivate mutating func write(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .bool(let flag): bool(flag)
    case .number(let digits): literal(digits)
    case .string(let text): string(text)
    case .array(let elements):
      beginArray()
      for element in elements { write(element) }
      endArray()
    case .object(let object):
      beginObject()
      for member in object.members {
        key(member.key)
        write(member.value)
      }
      endObject()
    }
  }
}
