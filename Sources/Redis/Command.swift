import CRedis

/// One command: its words with their lengths, so that no byte of a word is special.
package struct Command: ExpressibleByArrayLiteral, Sendable {
  /// A word of a command; also written as a literal.
  package enum Word: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, Sendable {
    case text(String)
    case bytes([UInt8])
    case integer(Int64)

    package init(stringLiteral value: StaticString) {
      self = .text(value.description)
    }

    package init(integerLiteral value: Int64) {
      self = .integer(value)
    }
  }

  private var buffer: [UInt8] = []
  private var lengths: [Int] = []

  package init(arrayLiteral words: Word...) {
    self.init(words)
  }

  package init(_ words: [Word]) {
    lengths.reserveCapacity(words.count)
    // Room for a name and a short value; it grows for more.
    buffer.reserveCapacity(128)
    for word in words { append(word) }
  }

  package mutating func append(_ word: Word) {
    let before = buffer.count
    switch word {
    case .text(let text): buffer += text.utf8
    case .bytes(let bytes): buffer += bytes
    case .integer(let number): buffer += String(number).utf8
    }
    lengths.append(buffer.count - before)
  }

  /// The command's name, for error texts.
  var name: String { String(decoding: buffer.prefix(lengths.first ?? 0), as: UTF8.self) }

  /// Appends the command to the context's output (`redisAppendCommandArgv`).
  func append(to context: UnsafeMutablePointer<redisContext>) -> Int32 {
    buffer.withUnsafeBytes { bytes in
      withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: lengths.count) {
        words in
        // An empty command would have no address; hiredis refuses zero words by itself.
        var next = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
        for (index, length) in lengths.enumerated() {
          words.initializeElement(at: index, to: next)
          next = next.map { $0 + length }
        }
        return redisAppendCommandArgv(
          context, Int32(lengths.count), words.baseAddress, lengths)
      }
    }
  }
}
