import API
import ArgumentParser
import JSON
import Web

/// The options for a page of a list.
struct PageOptions: ParsableArguments {
  @Option(help: "The page's number. (default: 1)")
  var page: Int?

  @Option(help: "Go on where a page with this cursor ended.")
  var cursor: String?

  @Option(
    parsing: .unconditional,
    help: "How many rows a page has, 1000 at most; -1: as many as that. (default: 10)")
  var limit: Int?

  /// Reads the options like the parameters of a request.
  ///
  /// - Throws: `ValidationError` that names the option.
  func read<Input>(_ input: (inout InputReader) -> Input) throws -> Input {
    let parameters = [
      ("page", "--page", page.map(String.init)), ("cursor", "--cursor", cursor),
      ("itemsPerPage", "--limit", limit.map(String.init)),
    ]
    var reader = InputReader(
      path: [:],
      query: QueryString(
        parameters.compactMap { name, _, value in
          value.map { QueryString.Parameter(name: name, value: $0) }
        }), members: JSONObject(), .none)
    let value = input(&reader)
    guard let complaint = reader.complaints.first else { return value }
    let option = parameters.first { $0.0 == complaint.name }?.1 ?? complaint.name
    throw ValidationError("\(option) \(complaint.value.reason)")
  }
}

extension Pagination {
  /// Which page it is, and how the list goes on.
  func line(_ noun: String) -> String {
    let known = total < Self.countLimit ? "\(total)" : "\(Self.countLimit - 1) and more"
    let next = nextCursor.map { "; go on with --cursor \($0)" } ?? ""
    return "page \(number) of \(pages), \(known) \(noun)" + next
  }
}
