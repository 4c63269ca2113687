import API
import JSON
import Links
import Web

extension FieldType<[Slug]> {
  /// A link's name with what running text adds to it, as it stands in the path.
  static var slugsInText: FieldType {
    let slug = FieldType<Slug>.slug
    return FieldType(schema: slug.schema, sample: [slug.sample]) { value throws(InvalidValue) in
      let slugs = Array((value.string ?? "").utf8).withUnsafeBufferPointer(Slug.readings)
      guard !slugs.isEmpty else {
        throw InvalidValue("names no link", as: .shortURLNotFound)
      }
      return slugs
    } write: {
      .array($0.map { .string($0.description) })
    }
  }
}
