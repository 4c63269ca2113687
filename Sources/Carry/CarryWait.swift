/// The reason why a carry waits; it is no failure.
enum CarryWait: Error, CustomStringConvertible {
  case migration
  case firstClick
  case otherCarry
  case lock
  case oldGate

  var description: String {
    switch self {
    case .migration: "the tables of clicks by link are not there: run swiftlet migrate"
    case .firstClick: "the first click after the update tells which clicks are old"
    case .otherCarry: "another carry is at work"
    case .lock: "PostgreSQL has ended the session that held the lock"
    case .oldGate: "a consumer's gate leads to the old tables"
    }
  }
}
