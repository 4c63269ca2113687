/// Settings of one subject, in the order in which `sample.env` lists them.
package struct SettingGroup: Sendable {
  /// The group's name on the command line: one word.
  package let name: String
  package let title: String
  /// A note for the whole group; may be empty.
  package let note: String
  package let settings: [Setting]

  init(_ name: String, _ title: String, note: String = "", _ settings: [Setting]) {
    self.name = name
    self.title = title
    self.note = note
    self.settings = settings
  }

  package static var all: [SettingGroup] {
    [
      .engines, .service, .timeLimits, .clicks, .processes, .nginx, .tls, .production,
      .privateStack,
    ]
  }
}
