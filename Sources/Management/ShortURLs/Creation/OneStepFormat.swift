import API
import JSON

/// How a link that was made in one step is answered.
enum OneStepFormat: String, CaseIterable {
  case txt
  case json
}

extension FieldType<OneStepFormat> {
  /// A word in any case; no word at all means JSON, as in Shlink.
  static var oneStepFormat: FieldType {
    FieldType(
      schema: Schema(["type": "string", "pattern": "^([Tt][Xx][Tt]|[Jj][Ss][Oo][Nn])?$"]),
      sample: .txt
    ) { value throws(InvalidValue) in
      let word = value.string?.lowercased() ?? ""
      guard let format = word.isEmpty ? .json : OneStepFormat(rawValue: word) else {
        throw InvalidValue("must be txt or json")
      }
      return format
    } write: {
      .string($0.rawValue)
    }
  }
}
