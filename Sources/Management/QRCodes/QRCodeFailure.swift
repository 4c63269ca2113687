package import QRCode
package import Web

/// All failures of a request for a QR code.
package enum QRCodeFailure: Answerable {
  case unknownCode
  case stores(ManagementFailure)
  /// The image can't be made.
  case image(QRCodeError)

  package var problem: Problem {
    switch self {
    case .unknownCode: .unknownCode
    case .stores(let failure): failure.problem
    case .image: .unavailable("The image can't be made for now.", retryAfterSeconds: 1)
    }
  }
}
