/// A batch that the server refused permanently, cut until the refused clicks are isolated.
///
/// The pieces are stored one after the other, each as a batch of its own. A refused piece is cut in
/// halves. A single refused click is dead-lettered before the next piece is stored.
///
/// Invariant: the rows of one journal are tried in the journal's order. So when a piece is stored,
/// all earlier clicks are stored or dead-lettered, and the journal's mark may move to the piece's
/// end. A crash between two pieces loses nothing: what is above the mark is delivered again.
package struct RefusedBatch<Rows: ClickRows> {
  /// The remaining pieces, the next one last.
  private var pieces: [Rows]

  /// - Parameter rows: All rows of the batch.
  package init(_ rows: Rows) {
    pieces = rows.count == 0 ? [] : [rows.inJournalOrder()]
  }

  /// The piece to store next; nil when nothing is left.
  package var next: Rows? { pieces.last }

  /// Notes that the next piece is stored, or dead-lettered.
  package mutating func settle() { pieces.removeLast() }

  /// Notes that the next piece was refused, and cuts it in halves.
  ///
  /// - Returns: The piece if it is a single click, which stays the next one until it is
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
