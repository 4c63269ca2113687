import JSON

extension FieldType<Int> {
  /// An integer; digits in a string are one, too.
  package static func integer(in range: ClosedRange<Int>, sample: Int) -> FieldType {
    FieldType(
      schema: schema("integer", range), sample: sample
    ) { value throws(InvalidValue) in
      guard let number = integer(value) else { throw InvalidValue("must be an integer") }
      guard range.contains(number) else {
        throw InvalidValue(
          range.upperBound == .max
            ? "must be \(range.lowerBound) or more"
            : "must be from \(range.lowerBound) to \(range.upperBound)")
      }
      return number
    } write: {
      .number(String($0))
    }
  }

  /// A count that is answered.
  package static func count(from first: Int = 0, sample: Int) -> FieldType {
    integer(in: first...Int.max, sample: sample)
  }

  /// Thousandths that are answered as a decimal: 1234 are 1.234.
  package static func thousandths(sample: Int) -> FieldType {
    FieldType(
      schema: schema("number", 0...Int.max), sample: sample
    ) { _ throws(InvalidValue) in
      throw InvalidValue("can't be set")
    } write: {
      var writer = JSONWriter(capacity: 0)
      writer.number(thousandths: $0)
      return .number(String(decoding: writer.bytes, as: UTF8.self))
    }
  }

  private static func schema(_ type: JSONValue, _ range: ClosedRange<Int>) -> Schema {
    var object = JSONObject([.init("type", type)])
    if range.lowerBound > .min {
      object.append(key: "minimum", value: .number("\(range.lowerBound)"))
    }
    if range.upperBound < .max {
      object.append(key: "maximum", value: .number("\(range.upperBound)"))
    }
    return Schema(object: object)
  }

  private static func integer(_ value: InputValue) -> Int? {
    switch value {
    case .json(.number(let digits)): Int(digits)
    case .json(.string(let text)), .text(let text): Int(text)
    case .json: nil
    }
  }
}

extension FieldType<Bool> {
  /// `true` or `false`.
  package static var boolean: FieldType {
    FieldType(schema: Schema(["type": "boolean"]), sample: true) {
      value throws(InvalidValue) in
      switch value {
      case .json(.bool(let bool)): return bool
      case .text("true"), .text("1"): return true
      case .text("false"), .text("0"): return false
      default: throw InvalidValue("must be true or false, not \(value.kind)")
      }
    } write: {
      .bool($0)
    }
  }
}
