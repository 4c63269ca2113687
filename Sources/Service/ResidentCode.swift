import Glibc

/// The machine code mapped by this process: of the program and its libraries.
package enum ResidentCode {
  /// Releases the resident pages of code; most were only needed at the start.
  ///
  /// Pages that are needed again come back from the kernel's cache, which all processes share, at
  /// about a microsecond each. Code is never written, so nothing can be lost (`madvise(2)`).
  package static func release() {
    guard let maps = fopen("/proc/self/maps", "re") else { return }
    defer { fclose(maps) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while getline(&line, &capacity, maps) > 0, let text = line.map({ String(cString: $0) }) {
      // 7f2c8a000000-7f2c8a155000 r-xp 00026000 fe:00 1234   /usr/lib/libc.so.6
      let words = text.split(separator: " ", omittingEmptySubsequences: true)
      guard words.count == 6, words[1] == "r-xp", words[5].hasPrefix("/") else { continue }
      let ends = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
      guard ends.count == 2 else { continue }
      madvise(UnsafeMutableRawPointer(bitPattern: ends[0]), Int(ends[1] - ends[0]), MADV_DONTNEED)
    }
  }
}
