package import Web

/// All failures of a request for a preview.
package enum PreviewFailure: Answerable {
  /// There is no such link, or nobody may see where it leads.
  case unknownCode
  case stores(ManagementFailure)

  package var problem: Problem {
    switch self {
    case .unknownCode: .unknownCode
    case .stores(let failure): failure.problem
    }
  }
}
