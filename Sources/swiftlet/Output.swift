import ArgumentParser
import JSON

/// The options for the form of a command's result.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Write JSON for programs to read.")
  var json = false

  /// Prints the JSON or the text.
  func print(json write: (inout JSONWriter) -> Void, text: () -> String) {
    if json {
      var writer = JSONWriter()
      write(&writer)
      Swift.print(String(decoding: writer.bytes, as: UTF8.self))
    } else {
      Swift.print(text())
    }
  }
}
