import ArgumentParser
import Management

extension TagName {
  /// - Throws: `ValidationError` for what can't be the name of a tag.
  init(argument: String) throws {
    guard let name = TagName(argument) else {
      throw ValidationError(
        "a tag has from 1 to \(TagName.limit) characters, and no control characters")
    }
    self = name
  }
}
