import CPostgres

extension SQL {
  /// Interpolates bound values, fragments and names.
  ///
  /// `nil` binds NULL, of the parameter's type; so does a `nil` among an array's elements.
  package struct Interpolation: StringInterpolationProtocol {
    private(set) var pieces: [Piece] = []
    private(set) var parameters = Parameters()

    package init(literalCapacity: Int, interpolationCount: Int) {
      pieces.reserveCapacity(2 * interpolationCount + 1)
      parameters.reserveCapacity(interpolationCount)
    }

    package mutating func appendLiteral(_ literal: StaticString) {
      pieces.append(.literal(Literal(literal)))
    }

    /// Splices in a fragment with its parameters.
    package mutating func appendInterpolation(_ fragment: SQL) {
      pieces += fragment.pieces
      parameters.append(fragment.parameters)
    }

    /// Binds an `int8`.
    package mutating func appendInterpolation(_ value: Int64?) {
      pieces.append(.parameter(ColumnType.int8))
      parameters.append(value)
    }

    /// Binds an `int8`.
    package mutating func appendInterpolation(_ value: Int?) {
      appendInterpolation(value.map(Int64.init))
    }

    /// Binds a `bool`.
    package mutating func appendInterpolation(_ value: Bool?) {
      pieces.append(.parameter(ColumnType.bool))
      parameters.append(value)
    }

    /// Binds a `text`.
    package mutating func appendInterpolation(_ value: String?) {
      pieces.append(.parameter(ColumnType.text))
      parameters.append(value?.utf8)
    }

    /// Binds a `text` given as its UTF-8 bytes; the server refuses others (22021).
    package mutating func appendInterpolation(text bytes: [UInt8]?) {
      pieces.append(.parameter(ColumnType.text))
      parameters.append(bytes)
    }

    /// Binds a `bytea`.
    package mutating func appendInterpolation(bytes: [UInt8]?) {
      pieces.append(.parameter(ColumnType.bytea))
      parameters.append(bytes)
    }

    /// Binds a `timestamptz` given in milliseconds since 1970-01-01T00:00:00Z.
    package mutating func appendInterpolation(milliseconds: Int64?) {
      pieces.append(.parameter(ColumnType.timestamptz))
      parameters.append(milliseconds.map(PostgresEpoch.microseconds))
    }

    /// Binds a `timestamptz` as `RowReader.microseconds` reads it.
    package mutating func appendInterpolation(microseconds: Int64?) {
      pieces.append(.parameter(ColumnType.timestamptz))
      parameters.append(microseconds)
    }

    /// Binds an `int8[]`.
    package mutating func appendInterpolation(_ values: [Int64?]?) {
      pieces.append(.parameter(ColumnType.int8Array))
      parameters.append(values, of: ColumnType.int8)
    }

    /// Binds a `text[]`.
    package mutating func appendInterpolation(_ values: [String?]?) {
      pieces.append(.parameter(ColumnType.textArray))
      parameters.append(values, of: ColumnType.text)
    }

    /// Binds a `timestamptz[]` given in milliseconds since 1970-01-01T00:00:00Z.
    package mutating func appendInterpolation(milliseconds: [Int64?]?) {
      pieces.append(.parameter(ColumnType.timestamptzArray))
      let times = milliseconds?.map { $0.map(PostgresEpoch.microseconds) }
      parameters.append(times, of: ColumnType.timestamptz)
    }

    /// Inserts the name of a table, column or database, in double quotes.
    package mutating func appendInterpolation(identifier name: String) {
      pieces.append(.unsafe(SQL.quoted(name, by: UInt8(ascii: "\""))))
    }

    /// Inserts a text, in single quotes: for statements that take no parameters.
    package mutating func appendInterpolation(literal text: String) {
      pieces.append(.unsafe(SQL.quoted(text, by: UInt8(ascii: "'"))))
    }

    /// Inserts SQL as it is.
    ///
    /// Never use it with input from outside.
    package mutating func appendInterpolation(unsafe sql: String) {
      pieces.append(.unsafe(sql))
    }
  }

  private static func quoted(_ text: String, by quote: UInt8) -> String {
    // By bytes: a quote followed by a combining mark is no quote to Character.
    let inner = text.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] }
    return String(decoding: [quote] + inner + [quote], as: UTF8.self)
  }
}
