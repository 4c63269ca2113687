import ArgumentParser
import JSON

/// How a command's result is written.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Write JSON for programs to read.")
  var json = false

  /// Prints one or the other.
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
