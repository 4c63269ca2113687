import API
import HTTPTypes
import JSON
import Links
import Text
import Web

/// What a client may send to an operation: a segment of the path, the query and the body, a line each.
///
/// Whatever comes, the same fields are asked for, and a refusal is short, described JSON.
func fuzzInput(_ bytes: [UInt8]) {
  let parts = bytes.split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false)
  let segment = Array(parts[0])
  let query = query(parts.count > 1 ? Array(parts[1]) : [])
  let body = parts.count > 2 ? Array(parts[2]) : []
  checkCaptures(segment)
  checkQuery(query)

  let members = (try? JSONValue(parsing: body))?.object ?? JSONObject()
  let code = String(decoding: PercentEncoding.decoded(segment), as: UTF8.self)
  for form in [BodyForm.exact, .lenient] {
    var recorder = InputReader(recording: form)
    _ = read(&recorder)
    precondition(recorder.complaints.isEmpty)
    var reader = InputReader(path: ["code": code], query: query, members: members, form)
    let input = read(&reader)
    precondition(reader.calls == recorder.calls)
    do throws(InputFailure) {
      try reader.finish()
      check(input)
    } catch {
      precondition(!reader.complaints.isEmpty)
      for isREST in [true, false] { check(error.problem(isREST: isREST)) }
    }
  }
}

private struct Input {
  let code: Slug
  let page: Int?
  let term: String?
  let tags: [String]
  let excludesBots: Bool
  let title: Change<String>
  let isEnabled: Change<Bool>
  let count: Int
  let note: String?
}

private func read(_ reader: inout InputReader) -> Input {
  Input(
    code: reader.segment("code", .slug, ""),
    page: reader.parameter("page", .integer(in: 1...99, sample: 1), ""),
    term: reader.parameter("term", .string(atMost: 20, sample: "x"), ""),
    tags: reader.parameters("tags", .string(atMost: 5, sample: "x"), atMost: 3, ""),
    excludesBots: reader.flag("excludeBots", ""),
    title: reader.change("title", .string(atMost: 10, sample: "x"), clears: true, ""),
    isEnabled: reader.change("enabled", .boolean, ""),
    count: reader.required("count", .integer(in: -5...5, sample: 0), ""),
    note: reader.optional("note", .string(atMost: 3, sample: "x"), ""))
}

/// What was taken is within its bounds.
private func check(_ input: Input) {
  precondition(Slug(input.code.description) == input.code)
  precondition(input.page.map { (1...99).contains($0) } ?? true)
  precondition((input.term ?? "").unicodeScalars.count <= 20)
  precondition(input.tags.count <= 3)
  for text in input.tags + [input.term ?? "", input.title.value ?? "", input.note ?? ""] {
    precondition(!text.utf8.contains(0))
  }
  precondition((-5...5).contains(input.count))
}

private func check(_ problem: Problem) {
  precondition(ProblemType.all.contains(problem.type))
  precondition((400..<500).contains(problem.status.code))
  let body = problem.response.body
  precondition(body.count < 8192)
  guard let object = (try? JSONValue(parsing: body))?.object else {
    preconditionFailure("the problem is no JSON")
  }
  precondition(object["type"] == .string(problem.type.uri))
}

private func query(_ bytes: [UInt8]) -> QueryString {
  bytes.withUnsafeBufferPointer { QueryString($0) }
}

/// Parameters that are written again with every byte encoded read the same.
private func checkQuery(_ read: QueryString) {
  precondition(read.parameters.count <= 1000)
  var written: [UInt8] = []
  for parameter in read.parameters {
    if !written.isEmpty { written.append(UInt8(ascii: "&")) }
    for byte in parameter.name.utf8 { PercentEncoding.append(byte, to: &written) }
    // A name may end with brackets of its own.
    written += Array("[]=".utf8)
    for byte in parameter.value.utf8 { PercentEncoding.append(byte, to: &written) }
  }
  precondition(query(written).parameters == read.parameters)
}

/// A segment is captured as it was sent, unless it is none.
private func checkCaptures(_ segment: [UInt8]) {
  let template: PathTemplate = "/rest/v3/short-urls/{code}/visits"
  let path = Array("/rest/v1/short-urls/".utf8) + segment + Array("/visits".utf8)
  path.withUnsafeBufferPointer { path in
    let captures = template.captures(of: path) { _ in false }
    let isSegment = !segment.isEmpty && !segment.contains(UInt8(ascii: "/"))
    precondition((captures != nil) == isSegment)
    if let captures { precondition(captures.count == 1 && captures[0].elementsEqual(segment)) }
  }
}
