/// Why a drill could not be run, or its harm not be done.
struct DrillError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
