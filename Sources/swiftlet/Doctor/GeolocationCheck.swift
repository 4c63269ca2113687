import Geo
import Places
import Service
import Text

/// Checks the geolocation database.
struct GeolocationCheck {
  private let path: String

  init(_ settings: Settings) {
    path = settings.geoDatabase
  }

  func findings() -> [Finding] {
    guard !path.isEmpty else { return [] }
    do throws(GeoError) {
      let database = try PlaceFinder.open(path)
      let date = RFC3339.string(seconds: Int64(clamping: database.buildSeconds)).prefix(10)
      return [.ok("geolocation", "\(database.type.printable) of \(date)")]
    } catch {
      return [
        .failed(
          "geolocation", "\(path) can't be read: \(error)",
          do: "correct GEO_DB or the file; until then conditions on places hold for nobody")
      ]
    }
  }
}
