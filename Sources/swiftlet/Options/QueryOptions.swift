import API
import ArgumentParser
import JSON
import Web

/// Options of a command that stand for parameters of a request, and are read like these.
struct QueryOptions {
  private struct Given {
    let name: String
    let option: String
    let values: [String]
  }

  private var all: [Given] = []

  /// Adds an option that stands for a parameter.
  mutating func add(_ name: String, _ option: String, _ value: String?) {
    add(name, option, value.map { [$0] } ?? [])
  }

  /// Adds an option that may come several times.
  mutating func add(_ name: String, _ option: String, _ values: [String]) {
    all.append(Given(name: name, option: option, values: values))
  }

  /// Reads the input of an operation.
  ///
  /// - Parameters:
  ///   - path: The parameters in the path of its request.
  ///   - input: Reads them.
  /// - Returns: The input.
  /// - Throws: `ValidationError` that names the option.
  func read<Input>(
    path: [String: String] = [:], _ input: (inout InputReader) -> Input
  ) throws -> Input {
    var reader = InputReader(
      path: path,
      query: QueryString(
        all.flatMap { given in
          given.values.map { QueryString.Parameter(name: given.name, value: $0) }
        }), members: JSONObject(), .none)
    let value = input(&reader)
    guard let complaint = reader.complaints.first else { return value }
    let option = all.first { $0.name == complaint.name }?.option ?? complaint.option
    throw ValidationError("\(option) \(complaint.value.reason)")
  }
}
