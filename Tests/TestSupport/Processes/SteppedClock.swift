import Foundation

/// The clock of programs that a test starts, by libfaketime and a file that it reads each second.
///
/// It is CLOCK_REALTIME alone that may step, as on a real machine.
package struct SteppedClock {
  private let file: String

  /// - Parameter file: Where the clock's state is kept; `step` writes it.
  package init(file: String) { self.file = file }

  /// What the programs must have in their environment.
  package var environment: [String: String] {
    [
      "LD_PRELOAD": "/usr/lib/\(Self.machine)-linux-gnu/faketime/libfaketime.so.1",
      "DONT_FAKE_MONOTONIC": "1", "FAKETIME_CACHE_DURATION": "1", "FAKETIME_TIMESTAMP_FILE": file,
    ]
  }

  /// Lets it be ahead of the machine's by some seconds, or behind.
  package func step(to offset: Double) throws { try write(String(format: "%+.3f", offset)) }

  /// Lets it stand still at what the machine's is now.
  package func freeze() throws {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.dateFormat = "yyyy-MM-dd HH:mm:ss"
    try write(format.string(from: Date()))
  }

  private func write(_ text: String) throws {
    try text.write(toFile: file, atomically: true, encoding: .utf8)
  }

  private static var machine: String {
    #if arch(arm64)
    "aarch64"
    #else
    "x86_64"
    #endif
  }
}
