import Files
package import Geo
import Glibc
package import Links
package import Logging
package import Service

/// Finds where an address is, by the geolocation database of `GEO_DB`.
///
/// The file is opened when a place is first asked for. Each question looks at the file's name, which is
/// one system call. Another file in its place is opened soon. One that is written in place is not read
/// until it can be opened anew. The file of the name counts: while it can't be read, no place is known.
package final class PlaceFinder {
  /// A file that changes is opened once in so many milliseconds.
  package static let pauseMilliseconds: Int64 = 2000

  private let path: String
  private let log: Logger
  private var opened: (database: GeoDatabase, stamp: FileStamp)?
  /// The moment from which the file may be opened again, by a clock that never steps.
  private var nextOpening = Int64.min
  private var lastFailure: GeoError?

  /// - Parameters:
  ///   - path: The database's; empty for none.
  ///   - log: Gets each change of what can be read.
  package init(_ path: String, log: Logger) {
    self.path = path
    self.log = log
  }

  package convenience init(_ settings: Settings, log: Logger) {
    self.init(settings.geoDatabase, log: log)
  }

  /// Opens a database.
  ///
  /// - Throws: For what is no regular file, too: the C library would wait for a pipe's writer.
  package static func open(_ path: String) throws(GeoError) -> GeoDatabase {
    let status: stat
    do throws(FileError) { status = try File.status(of: path) } catch {
      throw GeoError(error.reason)
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw GeoError("it is no regular file") }
    return try GeoDatabase(path)
  }

  /// Whether places are known now.
  package func state(at now: Int64 = SystemClock.bootMilliseconds()) -> Geolocation {
    guard !path.isEmpty else { return .off }
    return database(at: now) == nil ? .unreadable : .works
  }

  /// Looks for an address.
  ///
  /// - Parameters:
  ///   - address: The visitor's.
  ///   - now: Milliseconds, by a clock that never steps.
  /// - Returns: Where it is; nil when that isn't known.
  package func place(
    of address: IPAddress, at now: Int64 = SystemClock.bootMilliseconds()
  ) -> VisitorPlace? {
    guard !path.isEmpty,
      let place = database(at: now)?.place(high: address.high, low: address.low)
    else { return nil }
    return VisitorPlace(country: CountryCode(place.country), city: place.city)
  }

  private func database(at now: Int64) -> GeoDatabase? {
    let stamp = (try? File.status(of: path)).map(FileStamp.init)
    if let opened, opened.stamp == stamp { return opened.database }
    // Its pages may be gone already.
    if opened?.stamp.isSameFile(as: stamp) == true { opened = nil }
    guard now >= nextOpening else { return opened?.database }
    nextOpening = now + Self.pauseMilliseconds
    opened = nil
    do throws(GeoError) {
      let database = try Self.open(path)
      if let stamp { opened = (database, stamp) }
      lastFailure = nil
      log.info("GEO_DB is \(database.type)")
    } catch {
      if error != lastFailure { log.warning("GEO_DB can't be read, no place is known: \(error)") }
      lastFailure = error
    }
    return opened?.database
  }
}
