/// One environment variable: its name, form, default and meaning.
///
/// Each is declared once, in a `SettingGroup`. The programs read it from there. `swiftlet settings`
/// prints `sample.env`, the handbook's table and the shell's values from there.
package struct Setting: Sendable {
  package let name: String
  package let form: SettingForm
  /// The default as `sample.env` has it; empty for none.
  package let fallback: String
  /// What it is, in one line.
  package let text: String
  /// Whether README's table has it.
  package let isEssential: Bool

  init(
    _ name: String, _ form: SettingForm = .text, _ fallback: String = "", _ text: String,
    isEssential: Bool = false
  ) {
    self.name = name
    self.form = form
    self.fallback = fallback
    self.text = text
    self.isEssential = isEssential
  }

  init(
    _ name: String, _ range: ClosedRange<Int>, _ fallback: Int, _ text: String,
    isEssential: Bool = false
  ) {
    self.init(name, .integer(range), "\(fallback)", text, isEssential: isEssential)
  }
}
