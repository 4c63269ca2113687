/// The coverage of a request log: number of lines, files and time span.
package struct LogCoverage: Equatable, Sendable {
  package struct File: Equatable, Sendable {
    package let path: String
    package fileprivate(set) var lines = 0
    /// Lines without the log's format.
    package fileprivate(set) var unreadable = 0

    init(path: String) {
      self.path = path
    }
  }

  /// The files in reading order.
  package private(set) var files: [File] = []
  /// The earliest and the latest time of a readable line, in seconds since 1970; nil without one.
  package private(set) var span: ClosedRange<Int64>?

  package var lines: Int { files.reduce(0) { $0 + $1.lines } }
  package var unreadable: Int { files.reduce(0) { $0 + $1.unreadable } }

  /// Whether more lines are unreadable than after a crash or a full disk: ten plus one in a
  /// thousand.
  package var isDamaged: Bool { unreadable > 10 + lines / 1000 }

  mutating func begin(_ path: String) { files.append(File(path: path)) }

  /// Counts a line of the present file.
  ///
  /// - Parameter seconds: Its time; nil for one that can't be read.
  mutating func count(at seconds: Int64?) {
    let last = files.count - 1
    files[last].lines += 1
    guard let seconds else {
      files[last].unreadable += 1
      return
    }
    span =
      span.map { min($0.lowerBound, seconds)...max($0.upperBound, seconds) }
      ?? seconds...seconds
  }
}
