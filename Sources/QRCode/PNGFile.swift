import CZlib

/// A PNG of one bit a pixel (https://www.w3.org/TR/png-3/).
enum PNGFile {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The file's bytes.
  ///
  /// The C functions: `compressBound`, `compress2`, `crc32`.
  ///
  /// - Parameters:
  ///   - width: The pixels of a side; it is a square.
  ///   - palette: The colours of 0 and 1.
  ///   - rows: Each row with its filter's byte.
  /// - Returns: Signature and chunks.
  /// - Throws: `noMemory`.
  static func bytes(
    width: Int, palette: [RGBColor], rows: [UInt8]
  ) throws(QRCodeError) -> [UInt8] {
    // One bit a pixel, by a palette; the only compression, filter and order that there are.
    let header = number(width) + number(width) + [1, 3, 0, 0, 0]
    return signature + chunk("IHDR", header)
      + chunk("PLTE", palette.flatMap { [$0.red, $0.green, $0.blue] })
      + chunk("IDAT", try compressed(rows)) + chunk("IEND", [])
  }

  private static func compressed(_ bytes: [UInt8]) throws(QRCodeError) -> [UInt8] {
    var count = compressBound(uLong(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(count))
    guard compress2(&result, &count, bytes, uLong(bytes.count), Z_DEFAULT_COMPRESSION) == Z_OK
    else { throw .noMemory }
    return Array(result.prefix(Int(count)))
  }

  private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + content
    return number(content.count) + body + number(Int(crc32(0, body, uInt(body.count))))
  }

  /// Four bytes, the most significant first.
  private static func number(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
