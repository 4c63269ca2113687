/// How a visit is counted that asks to be counted otherwise than others (`GPC_POLICY` and its like).
package enum VisitPolicy: String, CaseIterable, Sendable {
  case count
  /// One visit, and nothing of the visitor but whether it is a bot.
  case anonymous
  case ignore

  static var names: [String] { allCases.map(\.rawValue) }
}
