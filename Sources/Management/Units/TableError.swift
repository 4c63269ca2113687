package import Postgres

/// Why a table's statement failed; `Units` tells it as a `ManagementFailure`.
package typealias TableError = PostgresError
