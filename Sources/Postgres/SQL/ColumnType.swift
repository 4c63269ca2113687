import CPostgres

/// Object ids of the built-in types used here (`pg_type.dat`); they never change.
enum ColumnType {
  static let bool: Oid = 16
  static let bytea: Oid = 17
  static let name: Oid = 19
  static let int8: Oid = 20
  static let int2: Oid = 21
  static let int4: Oid = 23
  static let text: Oid = 25
  static let oid: Oid = 26
  static let json: Oid = 114
  static let unknown: Oid = 705
  static let textArray: Oid = 1009
  static let int8Array: Oid = 1016
  static let bpchar: Oid = 1042
  static let varchar: Oid = 1043
  static let timestamptz: Oid = 1184
  static let timestamptzArray: Oid = 1185
}
