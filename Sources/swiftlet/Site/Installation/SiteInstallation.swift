import Files
import Glibc
import Service

/// nginx's site in its place, where nginx has found it good: `swiftlet site --install`.
///
/// It is a file of `sites-available` with a link in `sites-enabled`, as Debian has them.
struct SiteInstallation {
  private let site: SiteFile
  private let nginx: NginxProgram
  private let file: String
  private let link: String
  /// The directory of this machine's own lines.
  private let additions: String
  private let mode: mode_t

  /// Puts this installation's site in place, and prints what was done.
  static func install() throws {
    for line in try SiteInstallation(Variables.load()).install() { print(line) }
  }

  init(_ read: Variables) throws(SettingError) {
    site = SiteFile(values: try SiteValues(read))
    let folder = try read.text(.siteFolder)
    nginx = NginxProgram(configuration: folder + "/nginx.conf")
    file = folder + "/sites-available/swiftlet.conf"
    link = folder + "/sites-enabled/swiftlet.conf"
    additions = folder + "/swiftlet-local"
    // The values of the fast path have Redis's password.
    mode = site.values.fastPath == nil ? 0o644 : 0o640
  }

  /// The site before this one.
  private var former: String { file + ".before" }

  /// - Returns: What was done, a line each.
  /// - Throws: `NginxRefusal` when nginx refuses the site; the one before is in place again then.
  func install() throws -> [String] {
    let before = (file: try PlacedFile(at: file), link: try PlacedFile(at: link))
    if isInPlace(before.file) { return ["nginx's site is up to date: \(file)"] }
    makeDirectories()
    let old = try keep()
    var warnings: [String] = []
    do {
      warnings = try place()
    } catch {
      try before.link.put(at: link, by: File.fresh(file))
      try before.file.put(at: file, by: File.fresh(file))
      if let old { try File.remove(old) }
      throw error
    }
    for warning in warnings { Outcome.note(warning) }
    if let old { try File.rename(old, to: former) }
    return [
      "nginx's site is in place: \(file)" + (old == nil ? "" : "; the one before: \(former)"),
      try nginx.reload() ? "nginx reloads it" : "nginx isn't running: start it",
    ]
  }

  /// Whether nginx reads just this already.
  private func isInPlace(_ present: PlacedFile) -> Bool {
    guard case .file(let bytes, mode) = present, File.target(ofLink: link) != nil,
      let linked = try? File.status(of: link), let own = try? File.status(of: file)
    else { return false }
    return linked.isSameFile(as: own) && forms.contains { Array($0.text.utf8) == bytes }
  }

  /// With the line that another file may have, and without it.
  private var forms: [SiteFile] { [site, SiteFile(values: site.values, hasHashSize: false)] }

  /// Copies the site that nginx reads now.
  ///
  /// - Returns: The copy's name until the new site is in place; nil when there is no site.
  private func keep() throws(FileError) -> String? {
    let present = File.exists(link) ? link : file
    guard (try? File.status(of: present)) != nil else { return nil }
    let source = try File(present, for: .reading, followsLinks: true)
    let copy = File.fresh(former)
    try PlacedFile.file(try source.bytes(), mode: try source.status().st_mode & 0o7777)
      .put(at: copy, by: File.fresh(copy))
    return copy
  }

  /// Puts the site in place for nginx to look at.
  ///
  /// - Returns: nginx's warnings.
  /// - Throws: `NginxRefusal`.
  private func place() throws -> [String] {
    do { return try offer(site) } catch let refusal as NginxRefusal where refusal.isOfHashSize {
      return try offer(SiteFile(values: site.values, hasHashSize: false))
    }
  }

  private func offer(_ site: SiteFile) throws -> [String] {
    try PlacedFile.file(Array(site.text.utf8), mode: mode).put(at: file, by: File.fresh(file))
    try PlacedFile.link(target: file).put(at: link, by: File.fresh(file))
    return try nginx.test()
  }

  /// Makes the directories that others fill; what these are in is the operator's.
  private func makeDirectories() {
    for path in [additions, site.values.challenges] { mkdir(path, 0o755) }
  }
}
