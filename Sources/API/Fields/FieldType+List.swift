import JSON

extension FieldType {
  /// A list of values of one type, as a member of a body.
  package static func list<Element>(
    of type: FieldType<Element>, atMost limit: Int
  ) -> FieldType where Value == [Element] {
    FieldType(
      schema: .array(of: type.schema, atMost: limit), sample: [type.sample]
    ) { value throws(InvalidValue) in
      guard case .json(.array(let elements)) = value else {
        throw InvalidValue("must be an array, not \(value.kind)")
      }
      guard elements.count <= limit else {
        throw InvalidValue("may have \(limit) elements at most")
      }
      var values: [Element] = []
      for (number, element) in elements.enumerated() {
        do throws(InvalidValue) {
          values.append(try type.read(.json(element)))
        } catch {
          throw InvalidValue("has a wrong element: number \(number + 1) \(error.reason)")
        }
      }
      return values
    } write: {
      .array($0.map(type.write))
    }
  }
}
