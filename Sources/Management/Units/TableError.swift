package import Postgres

/// The failure of a table's statement; `Units` converts it to a `ManagementFailure`.
package typealias TableError = PostgresError
