import CMaxMindDB

/// Why a file is no geolocation database that can be used.
package struct GeoError: Error, Equatable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }

  /// The C function: `MMDB_strerror`.
  init(_ code: Int32) {
    self.init(MMDB_strerror(code).map { String(cString: $0) } ?? "error \(code)")
  }
}
