import Destinations
import Links
package import Service

extension OwnHosts {
  /// The host of BASE_URL, those of OWN_HOSTS, and this machine's addresses as they are now.
  package init(_ settings: Settings) throws(SettingError) {
    do throws(NotAHost) {
      try self.init(settings.ownHosts, addresses: InterfaceAddresses.current())
    } catch {
      throw SettingError(
        name: "OWN_HOSTS, BASE_URL", value: error.name,
        expected: "host names or addresses without ports, with commas between")
    }
  }
}
