/// To whom the installation offers something that needs no API key by itself (`SHORTEN`, `STATS`).
package enum Offering: String, CaseIterable, Sendable {
  case open
  case key
  case off
}
