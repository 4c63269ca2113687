import API
import ArgumentParser

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
    var options = QueryOptions()
    options.add("page", "--page", page.map(String.init))
    options.add("cursor", "--cursor", cursor)
    options.add("itemsPerPage", "--limit", limit.map(String.init))
    return try options.read(input)
  }
}
