package import API

/// Whether a slug can be given to a new link.
package struct SlugAvailability: JSONObjectAnswer, Equatable {
  package enum Status: String, CaseIterable, Sendable {
    case free
    case taken
    case reserved
    case invalid
  }

  /// As it would be stored; what is invalid as it was given.
  package let slug: String
  package let status: Status
  /// Why it is reserved or invalid.
  package let reason: String?

  init(_ slug: String, _ status: Status, _ reason: String? = nil) {
    self.slug = slug
    self.status = status
    self.reason = reason
  }

  package static let schemaName = "SlugAvailability"
  package static let summary = "Whether the slug is free."
  package static let sample = SlugAvailability("rest", .reserved, NewName.reserved)

  package func write(to writer: inout FieldWriter) {
    writer.field(
      "slug", slug, .text(sample: ""), "As it would be stored; an invalid one as it was given.")
    writer.field("status", status, .word(sample: .free), "Whether a new link can have it.")
    writer.sometimes { writer in
      guard let reason else { return }
      writer.field("reason", reason, .text(sample: ""), "Why it can't.")
    }
  }
}
