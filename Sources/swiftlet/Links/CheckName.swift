import API
import Access
import ArgumentParser
import Management

/// `swiftlet link check NAME`: `CheckSlug` as a line for people.
struct CheckName: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Say whether a new link can have a name.",
    discussion: "Exits with 1 if it is taken, reserved or no name.")

  @Argument(help: "The wanted name, with its beginning.")
  var name: String

  @OptionGroup var domain: DomainOption
  @OptionGroup var output: OutputOptions

  func run() throws {
    var isFree = false
    try Outcome.reporting {
      try Installation().withStores { stores in
        let availability = try CheckSlug().perform(
          CheckSlug.Input(name, domain: domain.domain), for: .operator, in: stores)
        output.print(json: { json in availability.write(to: &json) }, text: { availability.line })
        isFree = availability.status == .free
      }
    }
    guard isFree else { throw ExitCode.failure }
  }
}

extension SlugAvailability {
  fileprivate var line: String {
    let why = reason.map { ": " + $0 } ?? ""
    return "\(status.rawValue)  \(slug.printable)\(why)"
  }
}
