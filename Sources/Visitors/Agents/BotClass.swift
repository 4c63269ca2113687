/// What a program without a person is there for; 0 is a person.
///
/// The numbers are stored (`bot` of `visits`), and never given to another class.
package enum BotClass: UInt8, CaseIterable, Sendable {
  case person = 0
  case search = 1
  case socialPreview = 2
  case ai = 3
  case seo = 4
  case monitor = 5
  case scanner = 6
  case feed = 7
  case library = 8
  case archiver = 9
  case automation = 10
  case advertising = 11
  /// A browser that fetched a page for a visit that may follow.
  case prefetch = 12
  case other = 13
  /// A request without a user agent.
  case anonymous = 14

  /// The class of a tag of crawler-user-agents; nil for an unknown one.
  package init?(tag: String) {
    switch tag {
    case "search-engine": self = .search
    case "social-preview": self = .socialPreview
    case "ai-crawler": self = .ai
    case "seo": self = .seo
    case "monitoring": self = .monitor
    case "scanner": self = .scanner
    case "feed-reader": self = .feed
    case "http-library": self = .library
    case "archiver": self = .archiver
    case "browser-automation": self = .automation
    case "advertising": self = .advertising
    case "academic": self = .other
    default: return nil
    }
  }
}
