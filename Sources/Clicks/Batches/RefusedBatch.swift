/// The rows of a batch that the server has refused for good, cut until what it refuses is alone.
///
/// The pieces are stored one after the other, each as a batch of its own. A refused piece is cut in
/// halves; a click that is refused alone is dead-lettered before the next piece is stored.
///
/// Invariant: the rows of one journal are tried in the order of the journal. So when a piece is
/// stored, all clicks before its last one are stored or dead-lettered, and the journal's mark may move
/// to that click's end. A crash between two pieces loses nothing: what is above the mark is delivered
/// again.
package struct RefusedBatch<Rows: ClickRows> {
  /// What is left, the next piece last.
  private var pieces: [Rows]

  /// - Parameter rows: All rows of the batch; `refused` tells of them next.
  package init(_ rows: Rows) {
    pieces = rows.count == 0 ? [] : [rows.inJournalOrder()]
  }

  /// What to store next; nil when nothing is left.
  package var next: Rows? { pieces.last }

  /// Notes that the next piece is stored, or dead-lettered.
  package mutating func settle() { pieces.removeLast() }

  /// Notes that the next piece was refused: it is cut in halves.
  ///
  /// - Returns: The piece if it is a single click, which remains the next one until it is
  ///   dead-lettered; else nil.
  package mutating func refuse() -> Rows? {
    guard let piece = pieces.last, piece.count > 1 else { return pieces.last }
    let middle = piece.count / 2
    pieces.removeLast()
    pieces.append(piece.slice(middle..<piece.count))
    pieces.append(piece.slice(0..<middle))
    return nil
  }
}
