package import API

/// How many visits were deleted.
package struct DeletedVisits: JSONObjectAnswer, Equatable {
  package let count: Int

  package static let schemaName = "DeletedVisits"
  package static let summary = "The visits are deleted."
  package static let sample = DeletedVisits(count: 3)

  package func write(to writer: inout FieldWriter) {
    writer.field("deletedVisits", count, .count(sample: 3), "How many there were.")
  }

  static let details = """
    There is no way back. Their lists are empty at once; counts, such as those of `/stats`, follow when the \
    consumer has carried it out, usually within some seconds. Visits of that moment may be deleted with them.
    """
}
