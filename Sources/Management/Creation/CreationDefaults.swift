package import Links
package import Service

/// What holds for all new links where a request says nothing else.
package struct CreationDefaults: Equatable, Sendable {
  package let codes: CodeStyle
  /// Whether links without a title get that of the page that they lead to.
  package let resolvesTitles: Bool

  package init(codes: CodeStyle = .snowflake, resolvesTitles: Bool = false) {
    self.codes = codes
    self.resolvesTitles = resolvesTitles
  }

  package init(_ settings: Settings) {
    let codes: CodeStyle =
      switch settings.codeStyle {
      case "random": .random(length: settings.codeLength, isClear: false)
      case "random-clear": .random(length: settings.codeLength, isClear: true)
      default: .snowflake
      }
    self.init(codes: codes, resolvesTitles: settings.resolvesTitles)
  }
}
