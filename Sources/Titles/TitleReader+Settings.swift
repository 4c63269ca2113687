import Destinations
import Service

extension TitleReader {
  /// A reader for this host.
  ///
  /// - Throws: When OWN_HOSTS or ALLOWED_INNER_NETWORKS can't be read.
  init(_ settings: Settings) throws(SettingError) {
    let own = InterfaceAddresses.current()
    let (ownHosts, addresses): (OwnHosts, OutgoingAddresses)
    do throws(OwnHosts.NotAHost) {
      ownHosts = try OwnHosts(settings.ownHosts, addresses: own)
    } catch {
      throw SettingError(
        name: "OWN_HOSTS, BASE_URL", value: error.name,
        expected: "host names or addresses without ports, with commas between")
    }
    do throws(OutgoingAddresses.NotANetwork) {
      addresses = try OutgoingAddresses(allowing: settings.allowedInnerNetworks, own: own)
    } catch {
      throw SettingError(
        name: "ALLOWED_INNER_NETWORKS", value: error.text,
        expected: "addresses or networks like 10.0.0.0/8 and fd00::/8, with commas between")
    }
    self.init(
      ownHosts, addresses,
      agent: "Swiftlet/\(Program.version) (reads titles for \(settings.baseURL))")
  }
}
