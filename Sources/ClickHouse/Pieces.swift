extension Array {
  /// Splits the array into pieces of bounded length, in order.
  ///
  /// A statement with a list of values must stay below the server's `max_query_size`, whatever the
  /// list's length.
  ///
  /// - Parameters:
  ///   - count: The limit of elements in a piece.
  ///   - bytes: The limit of the sum of their sizes; a larger element has its own piece.
  ///   - size: The size of an element.
  /// - Returns: The pieces, none of them empty.
  package func pieces(
    count: Int, bytes: Int = .max, size: (Element) -> Int = { _ in 0 }
  ) -> [ArraySlice<Element>] {
    var pieces: [ArraySlice<Element>] = []
    var start = startIndex
    var taken = 0
    for index in indices {
      let next = size(self[index])
      if index > start, index - start >= count || taken > bytes - next {
        pieces.append(self[start..<index])
        start = index
        taken = 0
      }
      taken += next
    }
    if start < endIndex { pieces.append(self[start...]) }
    return pieces
  }
}
