import API
import Access
import JSON
import Links
import Management
import Visitors
import Web

/// The rules of a record, and a visitor's query, languages and agent: a line each.
///
/// Rules that are read are written the same again, and lead where one of them says.
func fuzzRules(_ bytes: [UInt8]) {
  let lines = bytes.split(separator: 0x0A, maxSplits: 3, omittingEmptySubsequences: false)
    .map { Array($0) }
  guard let rules = RedirectRules(stored: String(decoding: lines[0], as: UTF8.self)) else { return }
  precondition((1...RedirectRules.limit).contains(rules.rules.count))
  precondition(RedirectRules(stored: rules.stored) == rules)
  let line = { (index: Int) in index < lines.count ? lines[index] : [] }
  line(1).withUnsafeBufferPointer { query in
    line(2).withUnsafeBufferPointer { languages in
      line(3).withUnsafeBufferPointer { agent in
        let visitor = VisitorFacts(
          query: query, acceptedLanguages: languages, address: IPAddress("192.0.2.7"),
          agent: VisitorAgent(userAgent: agent), milliseconds: 1_800_000_000_000)
        guard let led = rules.evaluate(visitor) else { return }
        precondition(rules.rules[led.index].destination == led.destination)
      }
    }
  }
}

/// What a browser says of itself: a user agent counts as far as its limit, a language and a referrer's host
/// stay within theirs.
///
/// Rules read a user agent as the table with bots does.
func fuzzAgent(_ bytes: [UInt8]) {
  bytes.withUnsafeBufferPointer { text in
    let start = UnsafeBufferPointer(rebasing: text.prefix(AgentTable.maximumBytes))
    precondition(AgentTable.shared.agent(text) == AgentTable.shared.agent(start))
    precondition(VisitorAgent(userAgent: text) == VisitorAgent(AgentTable.shared.agent(text)))
    AcceptLanguage.withNormalForm(of: AcceptLanguage.firstTag(of: text)) { tag in
      let normal = Array(tag)
      precondition(normal.count <= AcceptLanguage.maximumTagBytes)
      AcceptLanguage.withNormalForm(of: tag) { precondition(Array($0) == normal) }
    }
    ReferrerHost.withHost(of: text) { host in
      precondition(host.count <= ReferrerHost.maximumBytes)
    }
  }
}

/// An address and a pattern of addresses: each reads the same from its own text, and a pattern has the address
/// that it was written with.
func fuzzPattern(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  if let address = IPAddress(text) { precondition(IPAddress("\(address)") == address) }
  guard let pattern = AddressPattern(text) else { return }
  precondition(pattern.contains(pattern.address))
  precondition(AddressPattern(pattern.description) == pattern)
}

/// The text of a key is taken as it is, and its beginning tells little of it.
func fuzzKey(_ bytes: [UInt8]) {
  if let token = Token(bytes) { precondition(Array(token.text.utf8) == bytes) }
  guard let secret = KeySecret(bytes) else { return }
  precondition(Array(secret.text.utf8) == bytes && KeySecret.lengths.contains(bytes.count))
  precondition(secret.text.hasPrefix(secret.prefix) && secret.prefix.utf8.count <= 12)
}

/// The query of a QR code: whatever comes, its style stays within its bounds.
func fuzzQRCode(_ bytes: [UInt8]) {
  var reader = InputReader(
    path: [:], query: bytes.withUnsafeBufferPointer { QueryString($0) }, members: JSONObject(),
    .none)
  let style = QRCodeStyle(from: &reader)
  precondition(QRCodeStyle.sizes.contains(style.size))
  precondition(QRCodeStyle.margins.contains(style.margin))
}
