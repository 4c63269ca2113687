package import Links
import Postgres
package import Sessions

/// Worker numbers 768 to 1023, in PostgreSQL's table `worker_leases`.
///
/// They are for the time in which Redis can't be asked, so that links can still be made.
///
/// Terms run by the server's clock. If it steps, a number may change hands early; the recorded
/// ceiling still keeps the ids apart.
package final class PostgresWorkerLeases: WorkerLeases {
  package static let numbers = 768..<1024

  private let session: PostgresSession
  private let timeout: Int
  private var random = SystemRandomNumberGenerator()

  package init(_ session: PostgresSession, timeoutMilliseconds: Int) {
    self.session = session
    timeout = timeoutMilliseconds
  }

  /// PostgreSQL never forgets a commit.
  package var epoch: Int? { 0 }

  /// Takes a number.
  ///
  /// It is a `transaction` that is not settled when the connection is lost. The lost attempt may
  /// have taken a number, and each retry would take another. `IDSource` asks again after a second.
  /// An unused number becomes free when its term ends.
  package func acquire(
    owner: String, term: Int64, wall: Int64
  ) throws(StoreError) -> LeaseAnswer {
    let operation = "acquire a worker id"
    let start = Int.random(in: Self.numbers, using: &random)
    return try session.transaction(operation) { connection throws(PostgresError) in
      let rows = try connection.execute(
        """
        WITH free AS MATERIALIZED (
          SELECT number, last_timestamp FROM worker_leases
          WHERE expires_at <= clock_timestamp()
          ORDER BY (number + \(start)) % 256 LIMIT 1 FOR UPDATE SKIP LOCKED
        )
        UPDATE worker_leases AS lease SET owner = \(owner),
          expires_at = clock_timestamp() + \(term) * interval '1 millisecond',
          last_timestamp = greatest(free.last_timestamp, \(wall)) + \(term)
        FROM free WHERE lease.number = free.number
        RETURNING lease.number, free.last_timestamp, lease.last_timestamp
        """, operation, timeoutMilliseconds: timeout)
      return try rows.first { row throws(PostgresError) in
        LeaseAnswer.granted(
          number: Int(try row.integer()), last: try row.integer(), ceiling: try row.integer())
      } ?? .noneFree
    }
  }

  /// Begins a new term.
  ///
  /// It is a `transaction` that is not settled when the connection is lost. The holder uses the
  /// lease until its known end, and a later tick renews it.
  package func renew(
    _ number: Int, owner: String, term: Int64, ceiling: Int64
  ) throws(StoreError) -> Int64? {
    let operation = "renew a worker id"
    return try session.transaction(operation) { connection throws(PostgresError) in
      let rows = try connection.execute(
        """
        UPDATE worker_leases
        SET expires_at = clock_timestamp() + \(term) * interval '1 millisecond',
          last_timestamp = greatest(last_timestamp, \(ceiling))
        WHERE number = \(number) AND owner = \(owner)
        RETURNING last_timestamp
        """, operation, timeoutMilliseconds: timeout)
      return try rows.first { row throws(PostgresError) in try row.integer() }
    }
  }

  /// Returns a number.
  ///
  /// It is a `transaction` that is not settled when the connection is lost: then the number becomes
  /// free when its term ends.
  package func release(_ number: Int, owner: String, last: Int64) throws(StoreError) {
    let operation = "release a worker id"
    try session.transaction(operation) { connection throws(PostgresError) in
      _ = try connection.execute(
        """
        UPDATE worker_leases
        SET owner = NULL, expires_at = '-infinity', last_timestamp = \(last)
        WHERE number = \(number) AND owner = \(owner)
        """, operation, timeoutMilliseconds: timeout)
    }
  }

  /// The held numbers, with their owners and the milliseconds left of their terms.
  ///
  /// A `read`: nothing changes when it runs twice.
  package func holders() throws(StoreError) -> [(number: Int, owner: String, left: Int64)] {
    let operation = "list worker ids"
    return try session.read(operation) { connection throws(PostgresError) in
      let rows = try connection.executeOnce(
        """
        SELECT number, owner,
          floor(extract(epoch FROM expires_at - clock_timestamp()) * 1000)::int8
        FROM worker_leases WHERE expires_at > clock_timestamp() ORDER BY number
        """, operation, timeoutMilliseconds: timeout)
      return try rows.map { row throws(PostgresError) in
        (Int(try row.integer()), try row.optionalText() ?? "", try row.integer())
      }
    }
  }
}
