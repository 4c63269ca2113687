import CPostgres

/// SQL text with the values bound to its parameters; a whole statement or a part of one.
///
/// Written as a string literal whose interpolations become parameters: a value can't become syntax.
/// Another `SQL` is spliced in with its own parameters. All are numbered when the text is rendered:
///
///     let isOurs: SQL = "owner = \(owner)"
///     let statement: SQL = "SELECT number FROM worker_leases WHERE \(isOurs) AND number > \(768)"
///     // SELECT number FROM worker_leases WHERE owner = $1 AND number > $2
///
/// A literal is a `StaticString`, so a string made at run time can't become one. SQL that is made
/// at run time needs `\(unsafe:)`, which is easy to search for.
package struct SQL: ExpressibleByStringInterpolation, Sendable {
  /// The parts that are prepared: text and types of the parameters, without their values.
  let pieces: [Piece]
  let parameters: Parameters

  package init(stringLiteral literal: StaticString) {
    pieces = [.literal(Literal(literal))]
    parameters = Parameters()
  }

  package init(stringInterpolation: Interpolation) {
    pieces = stringInterpolation.pieces
    parameters = stringInterpolation.parameters
  }

  /// The text as the server gets it, with `$1`, `$2` … for the parameters.
  package var text: String {
    var text = ""
    var number = 0
    for piece in pieces {
      switch piece {
      case .literal(let literal): text += literal.description
      case .unsafe(let part): text += part
      case .parameter:
        number += 1
        text += "$\(number)"
      }
    }
    return text
  }

  /// The types of the parameters, in their order.
  var types: [Oid] {
    pieces.compactMap { piece in
      if case .parameter(let type) = piece { type } else { nil }
    }
  }
}

// MARK: - Several fragments

extension SQL {
  /// A condition that holds when all of these do; with none it holds.
  ///
  /// Each stands in parentheses, so that an `OR` in one can't reach its neighbours.
  package static func all(_ conditions: [SQL]) -> SQL {
    conditions.isEmpty ? "TRUE" : joined(conditions.map { "(\($0))" }, by: " AND ")
  }

  /// A condition that holds when one of these does; with none it doesn't.
  package static func any(_ conditions: [SQL]) -> SQL {
    conditions.isEmpty ? "FALSE" : joined(conditions.map { "(\($0))" }, by: " OR ")
  }

  /// The fragments with commas between them.
  package static func list(_ fragments: [SQL]) -> SQL {
    joined(fragments, by: ", ")
  }

  private static func joined(_ fragments: [SQL], by separator: SQL) -> SQL {
    var whole = Interpolation(literalCapacity: 0, interpolationCount: 2 * fragments.count)
    for (index, fragment) in fragments.enumerated() {
      if index > 0 { whole.appendInterpolation(separator) }
      whole.appendInterpolation(fragment)
    }
    return SQL(stringInterpolation: whole)
  }
}

// MARK: - Pieces

extension SQL {
  enum Piece: Hashable, Sendable {
    case literal(Literal)
    case unsafe(String)
    case parameter(Oid)
  }

  /// A text of the program.
  ///
  /// Its bytes are compared, never copied.
  struct Literal: Hashable, Sendable, CustomStringConvertible {
    private let text: StaticString

    init(_ text: StaticString) {
      self.text = text
    }

    var description: String { text.description }

    static func == (one: Self, other: Self) -> Bool {
      one.text.withUTF8Buffer { bytes in
        other.text.withUTF8Buffer { others in
          bytes.count == others.count
            && (bytes.baseAddress == others.baseAddress || bytes.elementsEqual(others))
        }
      }
    }

    func hash(into hasher: inout Hasher) {
      text.withUTF8Buffer { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
  }
}
