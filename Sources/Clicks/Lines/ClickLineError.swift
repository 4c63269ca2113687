/// The reason why a line of a journal is no click.
package enum ClickLineError: Error, Equatable, CustomStringConvertible {
  /// Not a JSON object, or followed by something else; with the offending byte.
  case malformed(at: Int)
  case missing(ClickLine.Member)
  case duplicate(ClickLine.Member)
  case invalid(ClickLine.Member)

  package var description: String {
    switch self {
    case .malformed(let index): "not one JSON object: byte \(index)"
    case .missing(let member): "\(member.rawValue) is missing"
    case .duplicate(let member): "\(member.rawValue) comes twice"
    case .invalid(let member): "\(member.rawValue) has a value that is not valid"
    }
  }
}
