/// Finds all of many texts in one pass over some bytes (Aho and Corasick, 1975).
///
/// The states are numbered by depth, and the children of one by their byte. So a state's children are
/// one range of numbers. States of depth 0 to 2 have a whole row of successors, since nearly all
/// bytes of a text without a match end there. A deeper state looks through its few children.
struct TextAutomaton {
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
  /// The successors of the first states.
  private var rows: [UInt16] = []

  /// - Parameter texts: Different ones, 65 535 bytes in all at most.
  init(_ texts: [[UInt8]]) {
    precondition(texts.reduce(0) { $0 + $1.count } < 1 << 16, "states are numbered by 16 bits")
    let order = texts.indices.filter { !texts[$0].isEmpty }.sorted {
      texts[$0].lexicographicallyPrecedes(texts[$1])
    }
    makeStates(order.map { (texts[$0], $0) })
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
    // The first state of depth 3.
    let rowCount = Int(children[Int(children[1])])
    hits = texts.indices.map { texts[$0] == 0 ? 0 : UInt16($0) }
    rows = [UInt16](repeating: 0, count: 256 * rowCount)
    for child in childRange(of: 0) { rows[Int(labels[child])] = UInt16(child) }
    for state in 1..<max(texts.count, 1) {
      let parent = Int(suffixes[state])
      suffixes[state] =
        parent == 0 ? 0 : UInt16(successor(of: Int(suffixes[parent]), labels[state]))
      if hits[state] == 0 { hits[state] = hits[Int(suffixes[state])] }
      guard state < rowCount else { continue }
      let suffix = 256 * Int(suffixes[state])
      for byte in 0..<256 { rows[256 * state + byte] = rows[suffix + byte] }
      for child in childRange(of: state) { rows[256 * state + Int(labels[child])] = UInt16(child) }
    }
  }

  private func childRange(of state: Int) -> Range<Int> {
    Int(children[state])..<Int(children[state + 1])
  }

  /// All numbers in the tables are states, so nothing is checked.
  private func successor(of state: Int, _ byte: UInt8) -> Int {
    let (rows, children, labels, suffixes) = (rows.span, children.span, labels.span, suffixes.span)
    var state = state
    while 256 * state >= rows.count {
      var child = Int(children[unchecked: state])
      let end = Int(children[unchecked: state + 1])
      while child < end {
        if labels[unchecked: child] == byte { return child }
        child += 1
      }
      state = Int(suffixes[unchecked: state])
    }
    return Int(rows[unchecked: 256 * state + Int(byte)])
  }

  /// Visits each text that is found, with the offset of the byte after it.
  ///
  /// It takes time by the bytes, whatever they are, and allocates nothing.
  func forEachMatch(
    in bytes: UnsafeBufferPointer<UInt8>, _ body: (_ text: Int, _ end: Int) -> Void
  ) {
    let (rows, hits) = (rows.span, hits.span)
    let (deep, end) = (rows.count / 256, bytes.count)
    var (state, index) = (successor(of: 0, Self.begin), 0)
    while true {
      // Nearly all bytes of nearly all texts.
      while state < deep, index < end, hits[unchecked: state] == 0 {
        state = Int(rows[unchecked: 256 * state + Int(bytes[index])])
        index += 1
      }
      var hit = Int(hits[unchecked: state])
      while hit != 0 {
        body(Int(texts[hit]) - 1, min(index, end))
        hit = Int(self.hits[Int(suffixes[hit])])
      }
      guard index <= end else { return }
      state = successor(of: state, index == end ? Self.end : bytes[index])
      index += 1
    }
  }
}
