/// The short code that a part of a request's path names, and the code's bytes there.
///
/// The part is read as written first. Only one that is no code is read again, without what running
/// text adds to a link: no code ends so, and what was found is counted.
package struct PathCode {
  package let code: ShortCode
  package let bytes: UnsafeBufferPointer<UInt8>

  package init?(_ part: UnsafeBufferPointer<UInt8>) {
    if let code = ShortCode(part) {
      self.code = code
      bytes = part
    } else {
      bytes = ShortCode.start(of: part)
      guard let code = ShortCode(bytes) else { return nil }
      self.code = code
    }
  }
}
