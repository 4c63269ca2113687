import API
import Destinations
import Links
import Places
package import Service

/// What an installation is like, for a page that is made for it.
package struct Instance: Sendable {
  private var baseURL = "http://localhost:8080"
  private var defaultDomain = "localhost:8080"
  private var codeStyle = "snowflake"
  private var codeLength = 7
  private var resolvesTitles = true
  private var deletionThreshold = 0
  private var hasSegments = false
  private var hasPreviews = true
  private var countsOrphanVisits = true
  private var shortening = Offering.open
  private var statistics = Offering.open
  /// Whether places of visitors are known now.
  var geolocation = Geolocation.off
  /// Milliseconds since 1970.
  var time: Int64 = 1_790_000_000_000

  /// One whose settings are their defaults.
  package init() {}

  package init(_ settings: Settings) {
    baseURL = settings.baseURL.description
    defaultDomain = settings.baseURL.authority
    codeStyle = settings.codeStyle
    codeLength = settings.codeLength
    resolvesTitles = settings.resolvesTitles
    deletionThreshold = settings.deletionThreshold
    hasSegments = settings.slugForm == .segments
    hasPreviews = settings.hasPreviews
    countsOrphanVisits = settings.tracksOrphanVisits
    shortening = settings.shortening
    statistics = settings.statistics
  }

  func write(to writer: inout FieldWriter) {
    writer.field("version", Program.version, .text(sample: ""), "Swiftlet's.")
    writer.field("baseUrl", baseURL, .url(sample: ""), "The beginning of short URLs.")
    writer.field("defaultDomain", defaultDomain, .text(sample: ""), "The default domain's name.")
    writer.object("defaults", "What holds where a request says nothing.") { writer in
      writer.field("codeStyle", codeStyle, .text(sample: ""), "CODE_STYLE.")
      writer.field("codeLength", codeLength, .count(from: 1, sample: 7), "CODE_LENGTH.")
      writer.field("resolveTitles", resolvesTitles, .boolean, "AUTO_RESOLVE_TITLES.")
    }
    writer.object("limits", "How much of something there may be.") { writeLimits(to: &$0) }
    writer.object("features", "What is switched on.") { writer in
      writer.field(
        "geolocation", geolocation, .word(sample: .off), "Whether rules on places work (GEO_DB).")
      writer.field("multiSegmentSlugs", hasSegments, .boolean, "MULTI_SEGMENT_SLUGS.")
      writer.field("previews", hasPreviews, .boolean, "PREVIEW.")
      writer.field("orphanVisits", countsOrphanVisits, .boolean, "TRACK_ORPHAN_VISITS.")
      writer.field("shortening", shortening, .word(sample: .open), "SHORTEN.")
      writer.field("statistics", statistics, .word(sample: .open), "STATS.")
    }
    writer.field("serverTime", time, .time, "The time here.")
  }

  private func writeLimits(to writer: inout FieldWriter) {
    let limits = [
      ("urlBytes", DestinationURL.maximumLength), ("slugCharacters", Slug.maximumLength),
      ("titleCharacters", ShortURL.longestTitle), ("tagsOfLink", TagName.limitOfLink),
      ("tagCharacters", TagName.limit), ("rules", RedirectRules.limit),
      ("conditions", RedirectRules.conditionLimit), ("itemsPerPage", Page.sizeLimit),
      ("deletionThreshold", deletionThreshold),
    ]
    for (name, limit) in limits { writer.field(name, limit, .count(sample: 0)) }
  }
}
