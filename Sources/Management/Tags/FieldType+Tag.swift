package import API
import JSON

extension FieldType<TagName> {
  /// The name of a tag, in any spelling.
  package static var tag: FieldType {
    FieldType(
      schema: Schema([
        "type": "string", "minLength": .number("1"), "maxLength": .number("\(TagName.limit)"),
      ]), sample: .sample
    ) { value throws(InvalidValue) in
      guard let text = value.string else {
        throw InvalidValue("must be a string, not \(value.kind)")
      }
      guard let name = TagName(text) else {
        throw InvalidValue(
          "must have from 1 to \(TagName.limit) characters, and no control characters")
      }
      return name
    } write: {
      .string($0.description)
    }
  }
}

extension FieldType<[TagName]> {
  /// The tags of a link: each once, in the order of their names.
  package static var tags: FieldType {
    let list = FieldType<[TagName]>.list(of: .tag, atMost: TagName.limitOfLink)
    return FieldType(
      schema: list.schema, sample: list.sample
    ) { value throws(InvalidValue) in
      Set(try list.read(value)).sorted()
    } write: {
      list.write($0)
    }
  }
}
