import Glibc

/// The character encoding of a page: that of its header line, else the one that it names itself, else UTF-8.
struct Charset: Equatable {
  /// As `iconv_open` knows it; nil for UTF-8.
  let name: String?

  /// How much of a page is searched for a name.
  private static let searched = 4096

  init(contentType: String?, page: [UInt8]) {
    let isMarked = page.starts(with: [0xEF, 0xBB, 0xBF])
    let label =
      isMarked
      ? nil
      : contentType.flatMap { Self.label(in: Array($0.utf8)[...]) }
        ?? Self.label(in: page.prefix(Self.searched))
    name = label.flatMap(Self.known)
  }

  /// The text of bytes; what is no character is U+FFFD.
  func text(of bytes: ArraySlice<UInt8>) -> String {
    guard let name else { return String(decoding: bytes, as: UTF8.self) }
    return String(decoding: Self.converted(Array(bytes), from: name), as: UTF8.self)
  }

  /// What stands behind `charset=`, in lower case.
  private static func label(in text: ArraySlice<UInt8>) -> String? {
    let lower = text.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    let word = Array("charset=".utf8)
    guard lower.count > word.count,
      let start = lower.indices.dropLast(word.count).first(where: {
        lower[$0] == word[0] && lower[$0...].starts(with: word)
      })
    else { return nil }
    let value = lower[(start + word.count)...].drop { $0 == 0x22 || $0 == 0x27 }
      .prefix { byte in
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x5F
      }
    return value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
  }

  /// The encodings that pages have.
  ///
  /// Browsers read two of them as a wider one (WHATWG Encoding).
  private static func known(_ label: String) -> String? {
    switch label {
    case "iso-8859-1", "latin1", "us-ascii", "ascii": "windows-1252"
    case "gb2312", "gbk": "gbk"
    case "shift_jis", "sjis", "x-sjis": "cp932"
    case "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254",
      "windows-1255", "windows-1256", "windows-1257", "windows-1258", "iso-8859-2", "iso-8859-5",
      "iso-8859-7", "iso-8859-9", "iso-8859-15", "koi8-r", "koi8-u", "euc-jp", "euc-kr", "big5",
      "gb18030":
      label
    default: nil
    }
  }

  /// The bytes in UTF-8.
  ///
  /// The C functions: `iconv_open`, `iconv`, `iconv_close`.
  private static func converted(_ bytes: [UInt8], from name: String) -> [UInt8] {
    guard let handle = iconv_open("UTF-8", name), Int(bitPattern: handle) != -1 else {
      return bytes
    }
    defer { iconv_close(handle) }
    var source = bytes.map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: bytes.count * 4 + 4)
    let (count, outputCount) = (source.count, output.count)
    let left = source.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { output in
        var (from, to) = (source.baseAddress, output.baseAddress)
        var (unread, room) = (count, outputCount)
        while unread > 0, iconv(handle, &from, &unread, &to, &room) == -1, unread > 0, room >= 3 {
          // What is no character of the encoding.
          for byte in [0xEF, 0xBF, 0xBD] as [UInt8] {
            to?.pointee = CChar(bitPattern: byte)
            to = to.map { $0 + 1 }
          }
          room -= 3
          from = from.map { $0 + 1 }
          unread -= 1
        }
        return room
      }
    }
    return output.prefix(outputCount - left).map { UInt8(bitPattern: $0) }
  }
}
