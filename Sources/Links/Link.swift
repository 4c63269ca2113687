/// A short code and where it leads.
package struct Link: Equatable, Sendable {
  package let id: SnowflakeID
  package let code: ShortCode
  package let destination: DestinationURL
  /// Milliseconds since 1970.
  package let createdAt: Int64

  package init(id: SnowflakeID, code: ShortCode, destination: DestinationURL, createdAt: Int64) {
    self.id = id
    self.code = code
    self.destination = destination
    self.createdAt = createdAt
  }

  /// A new link, named by its id.
  package init(id: SnowflakeID, destination: DestinationURL) {
    self.init(id: id, code: ShortCode(id), destination: destination, createdAt: id.createdAt)
  }
}
