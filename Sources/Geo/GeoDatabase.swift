import CMaxMindDB
import Glibc

/// A geolocation database in MaxMind's format, mapped into memory.
///
/// Its file must be replaced by a rename: the system kills a process that reads a mapped page whose
/// file was cut.
package final class GeoDatabase {
  /// Where an address is: a country's code and a city's name in English, empty where it isn't told.
  package struct Place: Equatable, Sendable {
    package let country: String
    package let city: String
  }

  /// A longer value is none.
  private static let longestText = 512

  /// Entries point to it, so it has a place of its own.
  private let database = UnsafeMutablePointer<MMDB_s>.allocate(capacity: 1)
  private var isOpen = false

  /// Opens a file, and checks what it says of itself.
  ///
  /// The C function: `MMDB_open`.
  ///
  /// - Parameter path: A regular file's.
  /// - Throws: For a file that is none, or that a newer format has.
  package init(_ path: String) throws(GeoError) {
    database.initialize(to: MMDB_s())
    let code = MMDB_open(path, UInt32(MMDB_MODE_MMAP), database)
    guard code == MMDB_SUCCESS else { throw GeoError(code) }
    isOpen = true
  }

  deinit {
    if isOpen { MMDB_close(database) }
    database.deallocate()
  }

  /// What kind of database it calls itself, such as `GeoLite2-City`.
  package var type: String {
    database.pointee.metadata.database_type.map { String(cString: $0) } ?? ""
  }

  /// When it was built, in seconds since 1970.
  package var buildSeconds: UInt64 { database.pointee.metadata.build_epoch }

  /// Looks for an address, given as two halves of 64 bits.
  ///
  /// The C function: `MMDB_lookup_sockaddr`.
  ///
  /// - Parameters:
  ///   - high: The first half.
  ///   - low: The second half. One of IPv4 is its IPv4-mapped address of IPv6, which databases don't
  ///     have: it is looked for as one of IPv4.
  /// - Returns: Nil for an address that the database doesn't have, or whose entry is damaged.
  package func place(high: UInt64, low: UInt64) -> Place? {
    var code: Int32 = 0
    let found: MMDB_lookup_result_s
    if high == 0, low >> 32 == 0xFFFF {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(truncatingIfNeeded: low).bigEndian
      found = withUnsafePointer(to: address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          MMDB_lookup_sockaddr(database, $0, &code)
        }
      }
    } else {
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      withUnsafeMutableBytes(of: &address.sin6_addr) {
        $0.storeBytes(of: high.bigEndian, as: UInt64.self)
        $0.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
      }
      found = withUnsafePointer(to: address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          MMDB_lookup_sockaddr(database, $0, &code)
        }
      }
    }
    guard code == MMDB_SUCCESS, found.found_entry else { return nil }
    return place(of: found.entry)
  }

  private func place(of entry: MMDB_entry_s) -> Place? {
    let place = Place(
      country: text(of: entry, "country", "iso_code", nil),
      city: text(of: entry, "city", "names", "en"))
    return place.country.isEmpty && place.city.isEmpty ? nil : place
  }

  /// A text of an entry, by the keys that lead to it; empty for none.
  ///
  /// The C function: `MMDB_aget_value`.
  private func text(
    of entry: MMDB_entry_s, _ first: String, _ second: String, _ third: String?
  ) -> String {
    var (entry, value) = (entry, MMDB_entry_data_s())
    guard swiftlet_geo_value(&entry, &value, first, second, third) == MMDB_SUCCESS,
      value.has_data, value.type == UInt32(MMDB_DATA_TYPE_UTF8_STRING),
      value.data_size <= Self.longestText, let start = value.utf8_string
    else { return "" }
    let bytes = UnsafeRawBufferPointer(start: start, count: Int(value.data_size))
    return String(decoding: bytes, as: UTF8.self)
  }
}
