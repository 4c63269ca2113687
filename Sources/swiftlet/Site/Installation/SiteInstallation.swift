import Files
import Glibc
import Service

/// nginx's site in its place, where nginx has found it good: `swiftlet site --install`.
///
/// It is a file of `sites-available` with a link in `sites-enabled`, as Debian has them. A new site is
/// tried as a draft beside the file, and the link leads there meanwhile. So the file is one that nginx
/// has taken, and after an installation that was broken off the link need only be led back.
struct SiteInstallation {
  /// What an installation has done, a line each.
  struct Result {
    let hasChanged: Bool
    let lines: [String]
  }

  private let values: SiteValues
  private let nginx: NginxProgram
  private let folder: String
  private let mode: mode_t

  /// - Throws: `SettingError` of a wrong value, or when nothing says BASE_URL. The settings file may be gone
  ///   then, and a site of defaults would take the place of the one that serves.
  init(_ read: Variables) throws(SettingError) {
    guard read[Setting.baseURL.name] != nil else {
      throw SettingError(
        name: Setting.baseURL.name, value: "",
        expected: "what short URLs begin with, such as https://sho.rt")
    }
    values = try SiteValues(read)
    folder = try read.text(.siteFolder)
    nginx = NginxProgram(configuration: folder + "/nginx.conf")
    // The values of the fast path have Redis's password.
    mode = values.fastPath == nil ? 0o644 : 0o640
  }

  private var file: String { folder + "/sites-available/swiftlet.conf" }
  private var draft: String { file + ".draft" }
  /// The site before this one.
  private var former: String { file + ".before" }
  private var link: String { folder + "/sites-enabled/swiftlet.conf" }

  /// Puts the site in place and lets nginx take it, also where it is there already: nginx may serve by
  /// an older one.
  ///
  /// - Throws: `NginxRefusal` when nginx refuses the site, or another part of its configuration. The
  ///   one before is in place again then.
  func install() throws -> Result {
    let lock = try lock()
    defer { lock.unlock() }
    try makeDirectories()
    try adoptPresent()
    let wasEnabled = File.exists(link)
    let reading: NginxReading
    let placed: (hasChanged: Bool, former: String?)
    do {
      let trial = try trial()
      reading = trial.reading
      placed = try accept(trial.text)
    } catch {
      try withdraw(isEnabled: wasEnabled)
      throw error
    }
    let hasChanged = placed.hasChanged || !wasEnabled
    return Result(
      hasChanged: hasChanged,
      lines: [
        "nginx's site is \(hasChanged ? "in place" : "up to date"): \(file)"
          + (placed.former.map { "; the one before: \($0)" } ?? ""),
        try nginx.reload(reading) ? "nginx has taken it" : "nginx isn't running: start it",
      ])
  }

  /// Keeps a second installation out.
  private func lock() throws -> File {
    guard let lock = try? File(nginx.configuration, for: .reading, followsLinks: true) else {
      throw SettingError(
        name: Setting.siteFolder.name, value: folder,
        expected: "the directory of nginx.conf: is nginx installed?")
    }
    guard try lock.lock() else {
      throw ServiceError("another swiftlet site --install is under way", .installation)
    }
    return lock
  }

  /// Makes the directories that others fill; what these are in is the operator's.
  private func makeDirectories() throws(FileError) {
    for path in [folder + "/swiftlet-local", values.challenges] {
      guard mkdir(path, 0o755) == 0 else {
        if errno == EEXIST { continue }
        throw FileError("make the directory", path, code: errno)
      }
      // Whatever root's mask is: nginx's user reads it.
      guard chmod(path, 0o755) == 0 else {
        throw FileError("change the permissions of", path, code: errno)
      }
    }
  }

  /// Makes what nginx reads now the file: a draft is led back, and what isn't ours is copied.
  private func adoptPresent() throws(FileError) {
    switch File.target(ofLink: link) {
    case file: break
    case draft: try withdraw(isEnabled: File.exists(file))
    default:
      guard let present = try content(of: link) else { return }
      try File.replace(file, with: present.bytes, mode: present.mode)
      try lead(to: file)
    }
  }

  /// Lets nginx look at the site as a draft, in one form after the other.
  ///
  /// - Returns: The text that it takes, and what it has read; its warnings are told.
  /// - Throws: `NginxRefusal`.
  private func trial() throws -> (text: String, reading: NginxReading) {
    var form = SiteForm()
    while true {
      let text = SiteFile(values: values, form: form).text
      try File.replace(draft, with: Array(text.utf8), mode: mode)
      try lead(to: draft)
      do {
        let reading = try nginx.test()
        if let other = form.form(after: reading.warnings) {
          form = other
          continue
        }
        guard reading.includes("sites-enabled/swiftlet.conf") else {
          throw ServiceError(
            "\(nginx.configuration) doesn't include \(folder)/sites-enabled/*: add it to the http block",
            .installation)
        }
        for remark in reading.remarks { Outcome.note(remark) }
        return (text, reading)
      } catch let refusal as NginxRefusal {
        guard let other = form.form(after: refusal) else { throw refusal }
        form = other
      }
    }
  }

  /// Makes a draft that nginx has taken the file.
  ///
  /// - Returns: Whether it differs, and where the one before is then.
  private func accept(_ text: String) throws(FileError) -> (hasChanged: Bool, former: String?) {
    let bytes = Array(text.utf8)
    let present = try content(of: file)
    let isSame = present.map { $0.bytes == bytes && $0.mode == mode } ?? false
    if !isSame {
      if let present { try File.replace(former, with: present.bytes, mode: present.mode) }
      try File.replace(file, with: bytes, mode: mode)
    }
    try withdraw(isEnabled: true)
    return (!isSame, isSame || present == nil ? nil : former)
  }

  /// Leads nginx to the file, or to none, and removes the draft.
  private func withdraw(isEnabled: Bool) throws(FileError) {
    if isEnabled { try lead(to: file) } else { try File.remove(link) }
    try File.remove(draft)
  }

  private func lead(to target: String) throws(FileError) {
    let fresh = File.fresh(file)
    try File.remove(fresh)
    try File.makeLink(fresh, to: target)
    try File.rename(fresh, to: link)
  }

  /// What a path leads to; nil when there is nothing.
  private func content(of path: String) throws(FileError) -> (bytes: [UInt8], mode: mode_t)? {
    guard (try? File.status(of: path)) != nil else { return nil }
    let file = try File(path, for: .reading, followsLinks: true)
    return (try file.bytes(), try file.status().st_mode & 0o7777)
  }
}
