import API
package import Access
import Hashing
import Postgres
import Service

/// The table `api_keys` as far as one caller can see it, on one connection; `Units` lends it.
///
/// A caller makes and changes only keys whose rights its own cover. Changes of one tenant's keys wait for
/// each other, so that what is checked before a change holds at its commit.
package struct KeyTable {
  /// How many keys a tenant has at most.
  package static let limit = 1000

  let connection: Connection
  let caller: Caller
  let base: BaseURL
  let timeout: Int
  /// Whether anything was changed.
  private(set) var hasChanged = false

  init(
    _ connection: Connection, for caller: Caller, base: BaseURL, timeoutMilliseconds: Int
  ) {
    self.connection = connection
    self.caller = caller
    self.base = base
    timeout = timeoutMilliseconds
  }

  /// Holds for the keys that the caller can see: a role limits that, too.
  var isVisible: SQL {
    // A scope that this release doesn't know would be lost by an edit.
    var conditions: [SQL] = [
      "tenant = \(caller.tenant)", "scopes <@ \(Scope.allCases.map { Optional($0.rawValue) })",
    ]
    if caller == .anyone { conditions.append("FALSE") }
    if let domain = caller.domain { conditions.append("domain = \(domain)") }
    if caller.key?.authoredOnly == true { conditions.append("authored_only") }
    return .all(conditions)
  }

  // MARK: Read

  /// The key with an id; nil when the caller can see none.
  package func find(_ id: Int) throws(TableError) -> APIKey? {
    try find("id = \(id)")
  }

  /// The key with a name; nil when the caller can see none.
  package func find(named name: String) throws(TableError) -> APIKey? {
    try find("name = \(name)")
  }

  private func find(_ condition: SQL) throws(TableError) -> APIKey? {
    try connection.execute(
      "SELECT \(Self.columns) FROM api_keys WHERE \(condition) AND \(isVisible)",
      "find an API key", timeoutMilliseconds: timeout
    ).first { row throws(PostgresError) in try Self.key(&row) }
  }

  // MARK: Change

  /// Makes a key.
  package mutating func create(
    _ creation: KeyCreation, _ secret: KeySecret
  ) throws(TableError) -> Result<APIKey, KeyFailure> {
    guard let rights = creation.rights.named(by: base) else {
      return .failure(.noDomain(creation.rights.domain ?? ""))
    }
    guard caller.covers(rights) else { return .failure(.beyondOwnRights) }
    try lock()
    if try isTaken(creation.name, besides: 0) { return .failure(.nameTaken(creation.name)) }
    guard try countKeys() < Self.limit else { return .failure(.tooMany) }
    if let failure = try domainFailure(rights) { return .failure(failure) }
    let made = try connection.execute(
      """
      INSERT INTO api_keys (tenant, name, hash, prefix, authored_only, domain, no_orphan_visits,
        scopes, rate_limit, expires_at, disabled_at)
      VALUES (\(caller.tenant), \(creation.name), \(bytes: secret.hash.bytes), \(secret.prefix),
        \(rights.isAuthoredOnly), \(rights.domain), \(rights.hasNoOrphanVisits), \(rights.scopeTexts),
        \(rights.rateLimit), \(milliseconds: rights.expiresAt),
        CASE WHEN \(creation.isEnabled) THEN NULL ELSE clock_timestamp() END)
      RETURNING \(Self.columns)
      """, "make an API key", timeoutMilliseconds: timeout
    ).one { row throws(PostgresError) in try Self.key(&row) }
    hasChanged = true
    return .success(made)
  }

  /// Makes a key with all rights, if no tenant has any.
  ///
  /// - Returns: The key; nil when there was one.
  package mutating func createFirst(_ secret: KeySecret) throws(TableError) -> APIKey? {
    try lock()
    let hasKeys =
      try connection.execute(
        "SELECT 1 FROM api_keys LIMIT 1", "look for API keys", timeoutMilliseconds: timeout
      ).count > 0
    guard !hasKeys else { return nil }
    let made = try create(KeyCreation(name: "initial", rights: KeyRights()), secret)
    return try? made.get()
  }

  /// Edits a key.
  package mutating func edit(
    _ id: Int, _ edition: KeyEdition
  ) throws(TableError) -> Result<APIKey, KeyFailure> {
    let current: APIKey
    switch try changeable(id) {
    case .failure(let failure): return .failure(failure)
    case .success(let key): current = key
    }
    let edited = edition.edited(current)
    var rights = edited.rights
    if rights.domain != current.rights.domain {
      guard let named = rights.named(by: base) else {
        return .failure(.noDomain(rights.domain ?? ""))
      }
      rights = named
    }
    guard caller.covers(rights) else { return .failure(.beyondOwnRights) }
    if try isTaken(edited.name, besides: id) { return .failure(.nameTaken(edited.name)) }
    if rights.domain != current.rights.domain, let failure = try domainFailure(rights) {
      return .failure(failure)
    }
    if !edited.isForEverything, try isLast(current) { return .failure(.lastKey) }
    let stored = try connection.execute(
      """
      UPDATE api_keys SET name = \(edited.name), authored_only = \(rights.isAuthoredOnly),
        domain = \(rights.domain), no_orphan_visits = \(rights.hasNoOrphanVisits),
        scopes = \(rights.scopeTexts), rate_limit = \(rights.rateLimit),
        expires_at = \(milliseconds: rights.expiresAt),
        disabled_at = CASE WHEN \(edited.isEnabled) THEN NULL
          ELSE coalesce(disabled_at, clock_timestamp()) END
      WHERE id = \(id) RETURNING \(Self.columns)
      """, "edit an API key", timeoutMilliseconds: timeout
    ).one { row throws(PostgresError) in try Self.key(&row) }
    // A session ends with its key for good, also where the key comes back.
    let hasExpired = current.rights.expiresAt.map { $0 <= SystemClock.milliseconds() } ?? false
    if hasExpired || !stored.isEnabled { try endSessions(of: id) }
    hasChanged = true
    return .success(stored)
  }

  /// Gives a key another secret: the old one stops working.
  package mutating func rotate(
    _ id: Int, to secret: KeySecret
  ) throws(TableError) -> Result<APIKey, KeyFailure> {
    if case .failure(let failure) = try changeable(id) { return .failure(failure) }
    let stored = try connection.execute(
      """
      UPDATE api_keys SET hash = \(bytes: secret.hash.bytes), prefix = \(secret.prefix)
      WHERE id = \(id) RETURNING \(Self.columns)
      """, "rotate an API key", timeoutMilliseconds: timeout
    ).one { row throws(PostgresError) in try Self.key(&row) }
    try endSessions(of: id)
    hasChanged = true
    return .success(stored)
  }

  /// Deletes a key; what it made stays.
  package mutating func delete(_ id: Int) throws(TableError) -> Result<APIKey, KeyFailure> {
    let current: APIKey
    switch try changeable(id) {
    case .failure(let failure): return .failure(failure)
    case .success(let key): current = key
    }
    if try isLast(current) { return .failure(.lastKey) }
    _ = try connection.execute(
      "DELETE FROM api_keys WHERE id = \(id)", "delete an API key", timeoutMilliseconds: timeout)
    hasChanged = true
    return .success(current)
  }

  // MARK: Checks

  /// The key with an id, if the caller may change it; others wait until this transaction ends.
  private func changeable(_ id: Int) throws(TableError) -> Result<APIKey, KeyFailure> {
    try lock()
    guard let key = try find(id) else { return .failure(.notFound) }
    // Who sees its own links only would see those of another key with that key's secret.
    let mayChange = caller.key.map { !$0.authoredOnly || $0.id == id } ?? true
    return mayChange && caller.covers(key.rights) ? .success(key) : .failure(.beyondOwnRights)
  }

  /// Waits for other changes of this tenant's keys ("swkeys" in ASCII, then the tenant).
  private func lock() throws(TableError) {
    _ = try connection.execute(
      "SELECT pg_advisory_xact_lock(\(0x7377_6B65_7973_0000 as Int + caller.tenant))",
      "wait for other changes of API keys", timeoutMilliseconds: timeout)
  }

  private func countKeys() throws(TableError) -> Int64 {
    try connection.execute(
      "SELECT count(*) FROM api_keys WHERE tenant = \(caller.tenant)", "count API keys",
      timeoutMilliseconds: timeout
    ).one { row throws(PostgresError) in try row.integer() }
  }

  private func isTaken(_ name: String, besides id: Int) throws(TableError) -> Bool {
    try connection.execute(
      """
      SELECT 1 FROM api_keys
      WHERE tenant = \(caller.tenant) AND name = \(name) AND id <> \(id)
      """, "look for the name of an API key", timeoutMilliseconds: timeout
    ).count > 0
  }

  /// Whether a key is the only one for everything, and its caller one that came by the API.
  private func isLast(_ key: APIKey) throws(TableError) -> Bool {
    guard caller.key != nil, key.isForEverything else { return false }
    return try connection.execute(
      """
      SELECT 1 FROM api_keys
      WHERE tenant = \(caller.tenant) AND id <> \(key.id) AND disabled_at IS NULL
        AND expires_at IS NULL AND NOT authored_only AND domain IS NULL AND NOT no_orphan_visits
        AND scopes = '{}'
      LIMIT 1
      """, "look for other API keys", timeoutMilliseconds: timeout
    ).count == 0
  }
}

extension Caller {
  /// Whether the caller may make or change a key with these rights.
  fileprivate func covers(_ rights: KeyRights) -> Bool {
    switch self {
    case .anyone: false
    case .operator, .operatorOf: true
    case .key(let key): key.rights.cover(rights)
    }
  }
}

extension KeyRights {
  /// As the table has the scopes.
  fileprivate var scopeTexts: [String?] { Scope.allCases.filter(scopes.contains).map(\.rawValue) }
}
