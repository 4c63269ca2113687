/// Finds all of many texts in one pass over some bytes (Aho and Corasick, 1975).
///
/// The states are numbered by depth, and the children of one by their byte. So a state's children are
/// one range of numbers. The first states have a whole row of successors, since nearly all bytes of a
/// text without a match end there. A later state looks through its few children.
struct TextAutomaton {
  /// The limit of entries in all rows: 128 KiB.
  static let rowEntries = 1 << 16
  /// Marks a successor in a row: a text ends at that state, or the state has no row.
  private static let mark: UInt16 = 1 << 15
  /// The virtual bytes before and after a text; a searched text may begin or end with them.
  static let begin: UInt8 = 2
  static let end: UInt8 = 3

  /// For each state, the byte that leads to it, and where its children begin.
  private var labels: [UInt8] = [0]
  private var children: [UInt16] = []
  /// The state of the longest proper suffix.
  private var suffixes: [UInt16] = [0]
  /// The number of the text that ends at a state, plus one; 0 for none.
  private var texts: [UInt16] = []
  /// The state itself or its nearest suffix at which a text ends; 0 for none.
  private var hits: [UInt16] = []
  /// For each byte, its place in a row; all bytes that no text has share the last one.
  private var columns: [UInt8]
  /// The number of places in a row, and of rows.
  private let width: Int
  private var rowCount = 0
  /// The successors of the first states.
  private var rows: [UInt16] = []

  /// - Parameters:
  ///   - texts: Different ones, with fewer than 32 768 states in all.
  ///   - rowEntries: The limit of entries in all rows. The first state always has one.
  init(_ texts: [[UInt8]], rowEntries: Int = Self.rowEntries) {
    let bytes = Set(texts.joined()).sorted()
    width = bytes.count + 1
    columns = [UInt8](repeating: UInt8(truncatingIfNeeded: bytes.count), count: 256)
    for (column, byte) in bytes.enumerated() { columns[Int(byte)] = UInt8(column) }
    let order = texts.indices.filter { !texts[$0].isEmpty }.sorted {
      texts[$0].lexicographicallyPrecedes(texts[$1])
    }
    makeStates(order.map { (texts[$0], $0) })
    precondition(labels.count <= Self.mark, "states are numbered by 15 bits")
    rowCount = min(max(rowEntries / width, 1), labels.count)
    makeSuffixes()
  }

  /// Makes the states, each from the range of sorted texts that begin with it.
  private mutating func makeStates(_ sorted: [(bytes: [UInt8], number: Int)]) {
    var queue: [(range: Range<Int>, depth: Int)] = [(0..<sorted.count, 0)]
    var state = 0
    while state < queue.count {
      var (range, depth) = queue[state]
      children.append(UInt16(queue.count))
      var text: UInt16 = 0
      if let first = range.first, sorted[first].bytes.count == depth {
        text = UInt16(sorted[first].number + 1)
        range = range.dropFirst()
      }
      texts.append(text)
      while let first = range.first {
        let byte = sorted[first].bytes[depth]
        let end = range.first { sorted[$0].bytes[depth] != byte } ?? range.upperBound
        queue.append((first..<end, depth + 1))
        labels.append(byte)
        suffixes.append(UInt16(state))
        range = end..<range.upperBound
      }
      state += 1
    }
    children.append(UInt16(queue.count))
  }

  /// Replaces each state's parent, which stands in its place, by the state of its suffix.
  private mutating func makeSuffixes() {
    hits = texts.indices.map { texts[$0] == 0 ? 0 : UInt16($0) }
    rows = [UInt16](repeating: 0, count: width * rowCount)
    setChildren(inRowOf: 0)
    for state in 1..<max(texts.count, 1) {
      let parent = Int(suffixes[state])
      suffixes[state] =
        parent == 0 ? 0 : UInt16(successor(of: Int(suffixes[parent]), labels[state]))
      if hits[state] == 0 { hits[state] = hits[Int(suffixes[state])] }
      guard state < rowCount else { continue }
      let suffix = width * Int(suffixes[state])
      for column in 0..<width { rows[width * state + column] = rows[suffix + column] }
      setChildren(inRowOf: state)
    }
    for (place, state) in rows.enumerated() where state >= rowCount || hits[Int(state)] != 0 {
      rows[place] |= Self.mark
    }
  }

  private mutating func setChildren(inRowOf state: Int) {
    for child in childRange(of: state) {
      rows[width * state + Int(columns[Int(labels[child])])] = UInt16(child)
    }
  }

  private func childRange(of state: Int) -> Range<Int> {
    Int(children[state])..<Int(children[state + 1])
  }

  /// All numbers in the tables are states, so nothing is checked.
  private func successor(of state: Int, _ byte: UInt8) -> Int {
    let (rows, columns) = (rows.span, columns.span)
    let (children, labels, suffixes) = (children.span, labels.span, suffixes.span)
    var state = state
    while state >= rowCount {
      var child = Int(children[unchecked: state])
      let end = Int(children[unchecked: state + 1])
      while child < end {
        if labels[unchecked: child] == byte { return child }
        child += 1
      }
      state = Int(suffixes[unchecked: state])
    }
    let place = width &* state &+ Int(columns[unchecked: Int(byte)])
    return Int(rows[unchecked: place] & ~Self.mark)
  }

  /// Visits each text that is found, with the offset of the byte after it.
  ///
  /// It takes time by the bytes, whatever they are, and allocates nothing.
  func forEachMatch(
    in bytes: UnsafeBufferPointer<UInt8>, _ body: (_ text: Int, _ end: Int) -> Void
  ) {
    let (rows, columns, hits) = (rows.span, columns.span, hits.span)
    let (texts, suffixes) = (texts.span, suffixes.span)
    let (width, end) = (width, bytes.count)
    var (state, index) = (successor(of: 0, Self.begin), 0)
    while true {
      if state < rowCount, hits[unchecked: state] == 0 {
        // Nearly all bytes of nearly all texts.
        while index < end {
          let column = Int(columns[unchecked: Int(bytes[index])])
          let next = rows[unchecked: width &* state &+ column]
          index += 1
          state = Int(next & ~Self.mark)
          if next >= Self.mark { break }
        }
      }
      var hit = Int(hits[unchecked: state])
      while hit != 0 {
        body(Int(texts[unchecked: hit]) - 1, min(index, end))
        hit = Int(hits[unchecked: Int(suffixes[unchecked: hit])])
      }
      guard index <= end else { return }
      state = successor(of: state, index == end ? Self.end : bytes[index])
      index += 1
    }
  }
}
