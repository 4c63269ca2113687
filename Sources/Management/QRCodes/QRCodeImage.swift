package import API
import HTTPTypes
import JSON
import QRCode
package import Web

/// A QR code as an image.
package struct QRCodeImage: Answer {
  private static let fields = [Response.Field("Cache-Control", "public, max-age=86400")]

  private let format: QRCodeStyle.Format
  private let bytes: [UInt8]

  init(of url: String, _ style: QRCodeStyle) throws(QRCodeError) {
    let drawing = QRDrawing(
      try QRSymbol(url, style.errorCorrection), size: style.size, margin: style.margin,
      color: style.color, background: style.background)
    format = style.format
    bytes =
      switch style.format {
      case .png: try drawing.png()
      case .svg: drawing.svg
      }
  }

  package static let forms = [
    AnswerForm(.ok, "The image.", content: content(of: .png)),
    AnswerForm(.ok, "", content: content(of: .svg)),
  ]

  private static func content(of format: QRCodeStyle.Format) -> AnswerForm.Content {
    AnswerForm.Content(format.mediaType, Schema(["type": "string"]))
  }

  package var response: Response {
    Response(
      status: .ok, fields: [Response.Field("Content-Type", format.mediaType)] + Self.fields,
      body: bytes)
  }
}

extension QRCodeStyle.Format {
  fileprivate var mediaType: String {
    switch self {
    case .png: "image/png"
    case .svg: "image/svg+xml"
    }
  }
}
