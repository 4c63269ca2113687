import Postgres

/// Extensions that a migration needs.
extension PostgresMigrations {
  package func obstacle(to extension: String) throws(MigrationError) -> String? {
    let name = `extension`
    return try asking { connection throws(PostgresError) in
      try connection.executeOnce(
        """
        SELECT current_user::text, current_database()::text, here.schema::text,
          here.schema = ANY(current_schemas(true)),
          EXISTS (SELECT FROM pg_available_extensions WHERE name = \(name)),
          (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
            OR has_database_privilege(current_database(), 'CREATE')
              AND EXISTS (
                SELECT FROM pg_available_extension_versions WHERE name = \(name) AND trusted)
        FROM (SELECT 1) AS one LEFT JOIN (
          SELECT nspname AS schema FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace
          WHERE extname = \(name)) AS here ON true
        """, "look for the extension \(name)", timeoutMilliseconds: Self.questionTimeout
      ).one { row throws(PostgresError) in
        let (role, database) = (try row.text(), try row.text())
        let (schema, isInPath) = (try row.optionalText(), try row.optionalBool())
        let (isInstalled, mayCreate) = (try row.bool(), try row.bool())
        if let schema {
          return isInPath == true
            ? nil
            : "needs the extension \(name) in the search_path of \(role), and it is in the schema \(schema): "
              + "run ALTER EXTENSION \(name) SET SCHEMA public"
        }
        guard isInstalled else {
          return
            "needs the extension \(name), which isn't installed on PostgreSQL's host: install the "
            + "package postgresql-contrib there"
        }
        return mayCreate
          ? nil
          : "needs the extension \(name), which \(role) may not create: let a superuser run "
            + "CREATE EXTENSION \(name) in the database \(database)"
      }
    }
  }
}
