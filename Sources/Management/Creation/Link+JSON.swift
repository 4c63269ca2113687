package import JSON
package import Links

extension Link {
  /// The URL that people pass on.
  package func shortURL(base: String) -> String { base + "/" + slug.description }

  /// What whoever made the link is told of it.
  package func write(to json: inout JSONWriter, base: String) {
    json.beginObject()
    writeMembers(to: &json, base: base)
    json.endObject()
  }

  private func writeMembers(to json: inout JSONWriter, base: String) {
    json.key("short_code")
    json.string(slug.description)
    json.key("short_url")
    json.string(shortURL(base: base))
    json.key("original_url")
    json.string(destination.description)
  }
}
