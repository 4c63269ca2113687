/// Whether the places of visitors are known on this host.
package enum Geolocation: String, CaseIterable, Sendable {
  case works
  /// No database is set: conditions on places hold for nobody.
  case off
  /// The database that is set can't be read: they hold for nobody, either.
  case unreadable
}
