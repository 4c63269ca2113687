import Curl
import Foundation
import TestSupport

/// A driver of a browser, asked as https://www.w3.org/TR/webdriver2/ says.
///
/// It starts Debian's `chromedriver`, which has a port of its own.
final class WebDriver {
  struct Refused: Error, CustomStringConvertible {
    let description: String
  }

  private let scratch: ScratchDirectory
  private let process: ChildProcess
  private let http: HTTPSession
  private let root: String

  /// - Throws: When it isn't installed (`supervisor/stack install-tests`), or doesn't start.
  init() throws {
    let scratch = try ScratchDirectory("driver")
    self.scratch = scratch
    let output = scratch("output")
    process = try ChildProcess(
      "/usr/bin/chromedriver", ["--port=0"], environment: ["TMPDIR": scratch.path], output: output)
    http = try HTTPSession()
    var port: Substring?
    _ = eventually(seconds: 60) {
      let said = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
      port = said.firstMatch(of: /started successfully on port (\d+)/)?.1
      return port != nil
    }
    guard let port else { throw Refused(description: "chromedriver names no port") }
    root = "http://127.0.0.1:\(port)"
  }

  deinit {
    process.signal(SIGTERM)
    _ = process.wait(seconds: 10)
  }

  /// A directory for what its browser keeps; it goes with the driver.
  func directory(_ name: String) throws -> String { try scratch.make(name) }

  /// Sends a command; returns its value.
  @discardableResult
  func post(_ path: String, _ body: [String: Any] = [:]) throws -> JSONAnswer {
    let bytes = try JSONSerialization.data(withJSONObject: body)
    return try send(.post(Array(bytes)), path)
  }

  func get(_ path: String) throws -> JSONAnswer { try send(.get, path) }

  private func send(_ kind: Transfer.Kind, _ path: String) throws -> JSONAnswer {
    var transfer = Transfer(kind, root + path, timeout: 120_000, answerLimit: 64 << 20)
    transfer.fields = ["Content-Type: application/json"]
    let answer = try http.perform(transfer)
    let value = try JSONAnswer(answer.body)["value"]
    guard answer.status == 200 else {
      let message = (try? value["message"].text) ?? "\(value)"
      throw Refused(description: "\(path): \(message.prefix(600))")
    }
    return value
  }
}
