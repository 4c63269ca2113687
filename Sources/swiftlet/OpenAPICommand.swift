import API
import ArgumentParser
import Description

/// `swiftlet openapi`: the description that nginx serves as `/openapi.json`.
struct OpenAPICommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "openapi",
    abstract: "Print the API's description (OpenAPI 3.1).",
    discussion: "It is made from the operations that HTTP and this command line share.")

  func run() {
    print(APIDescription.document.text, terminator: "")
  }
}
