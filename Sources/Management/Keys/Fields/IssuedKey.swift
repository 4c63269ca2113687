package import API
package import Access
import JSON

/// A key whose secret is told, this one time.
package struct IssuedKey: JSONObjectAnswer {
  package let key: APIKey
  package let secret: KeySecret

  package static let schemaName = "IssuedApiKey"
  package static let summary = "The key, with its secret this one time."
  package static var sample: IssuedKey { IssuedKey(key: .sample, secret: .sample) }

  package func write(to writer: inout FieldWriter) {
    writer.field(
      "key", secret.text, .string(atMost: 128, sample: ""),
      "The key itself, for X-Api-Key. It is told now and never again: only its hash is stored.")
    key.write(to: &writer)
  }
}
