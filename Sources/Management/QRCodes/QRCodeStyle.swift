package import API
import JSON
package import QRCode

/// How a QR code is drawn.
package struct QRCodeStyle: Equatable, Sendable {
  package enum Format: String, CaseIterable, Sendable {
    case png
    case svg
  }

  package static let sizes = 50...1000
  package static let margins = 0...200

  package let size: Int
  package let margin: Int
  package let format: Format
  package let errorCorrection: QRSymbol.ErrorCorrection
  package let color: RGBColor
  package let background: RGBColor

  package init(from reader: inout InputReader) {
    size =
      reader.parameter(
        "size", .integer(in: Self.sizes, sample: 300),
        "The pixels of a side without the margin, 300 without this parameter. A code that needs more is larger."
      )
      ?? 300
    margin =
      reader.parameter(
        "margin", .integer(in: Self.margins, sample: 10),
        "The pixels around it, in the background's colour; 0 without this parameter.") ?? 0
    format =
      reader.parameter("format", .word(sample: .svg), "The image's format; else png.") ?? .png
    errorCorrection =
      reader.parameter(
        "errorCorrection", .word(sample: .high),
        "How much of it may be damaged: 7, 15, 25 or 30 percent; L without this parameter.") ?? .low
    color =
      reader.parameter("color", .color, "The colour of the code; black without this parameter.")
      ?? .black
    background =
      reader.parameter(
        "bgColor", .color, "The background's colour; white without this parameter.") ?? .white
  }
}

extension FieldType<RGBColor> {
  fileprivate static var color: FieldType<RGBColor> {
    FieldType(
      schema: Schema(["type": "string", "pattern": "^#?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$"]),
      sample: RGBColor(red: 0x1A, green: 0x2B, blue: 0x3C)
    ) { value throws(InvalidValue) in
      guard let color = value.string.flatMap({ RGBColor($0) }) else {
        throw InvalidValue("must be a colour such as 1a2b3c")
      }
      return color
    } write: {
      .string("\($0)")
    }
  }
}
