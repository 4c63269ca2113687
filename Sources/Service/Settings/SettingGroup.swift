/// Settings of one subject, in the order in which `sample.env` lists them.
package struct SettingGroup: Sendable {
  /// One word, by which the command line knows it.
  package let name: String
  package let title: String
  /// What holds for all of them; may be empty.
  package let note: String
  package let settings: [Setting]

  init(_ name: String, _ title: String, note: String = "", _ settings: [Setting]) {
    self.name = name
    self.title = title
    self.note = note
    self.settings = settings
  }

  package static var all: [SettingGroup] {
    [.engines, .service, .timeLimits, .clicks, .processes, .nginx, .production, .privateStack]
  }
}
