/// What was read of a request log: how much, from which files, and of which time.
package struct LogCoverage: Equatable, Sendable {
  package struct File: Equatable, Sendable {
    package let path: String
    package fileprivate(set) var lines = 0
    /// Lines that are not of the log's format.
    package fileprivate(set) var unreadable = 0

    init(path: String) {
      self.path = path
    }
  }

  /// In the order in which they were read.
  package private(set) var files: [File] = []
  /// The earliest and the latest time of a readable line, in seconds since 1970; nil without one.
  package private(set) var span: ClosedRange<Int64>?

  package var lines: Int { files.reduce(0) { $0 + $1.lines } }
  package var unreadable: Int { files.reduce(0) { $0 + $1.unreadable } }

  /// Whether more lines can't be read than a crash or a full disk leaves behind: ten and one in a
  /// thousand.
  package var isDamaged: Bool { unreadable > 10 + lines / 1000 }

  mutating func begin(_ path: String) { files.append(File(path: path)) }

  /// Counts a line of the file that was begun last.
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
