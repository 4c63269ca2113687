/// API workers.
extension Drills {
  static let api: [Drill] = basics(of: .api)
}
