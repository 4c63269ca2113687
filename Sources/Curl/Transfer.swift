/// A request over HTTP, with the bounds of its answer and of its time.
package struct Transfer {
  package enum Kind: Equatable, Sendable {
    case get
    /// Without the answer's body.
    case head
    /// With this body.
    case post([UInt8])
    /// With a body of this length, which `source` gives piece by piece.
    case upload(Int)
    /// Connects, and sends nothing.
    case connect
  }

  package let kind: Kind
  /// `http(s)://…`, with its query.
  package let url: String
  /// The time limit of the transfer, in milliseconds.
  package let timeout: Int
  /// The limit of the answer's bytes; a stranger's answer is cropped to it.
  package let answerLimit: Int
  /// The path of a Unix socket to connect to instead of the URL's host.
  package var unixSocket: String?
  /// Lines `Name: value`; libcurl adds `Host` and the length of a body.
  package var fields: [String] = []
  /// Whether it needs a connection of its own.
  ///
  /// libcurl sends a POST again when a kept connection dies under it. A request that must not run
  /// twice needs a fresh connection.
  package var isFresh: Bool

  /// Takes the body of an answer of status 200 piece by piece; false ends the transfer.
  ///
  /// The answer's own body is empty then. Nil to collect it.
  package var sink: ((UnsafeRawBufferPointer) -> Bool)?
  /// Fills the buffer with the next bytes of an upload; nil ends the transfer.
  package var source: ((UnsafeMutableRawBufferPointer) -> Int?)?
  /// How the server's certificate is checked.
  package var trust = Trust.system
  /// Whether the end of the server's certificate is wanted.
  package var readsCertificate = false

  /// For a request to a stranger; nil for one to a server of ours.
  package var caution: Caution?

  /// Whose word about a server's certificate counts.
  package enum Trust: Equatable, Sendable {
    /// The certificate authorities of this machine.
    case system
    /// Those in a file of PEM.
    case file(String)
    /// Nobody's: any certificate will do.
    case anybody
  }

  /// What is guarded against when a stranger's server is asked.
  package struct Caution: Sendable {
    /// Whether an address may be connected to: 4 bytes of IPv4, or 16 of IPv6.
    package let admits: @Sendable ([UInt8]) -> Bool
    /// The media types that are wanted, in lower case.
    package let mediaTypes: [String]
    /// The limit of any other answer's bytes.
    static let otherLimit = 1024

    package init(mediaTypes: [String], admits: @escaping @Sendable ([UInt8]) -> Bool) {
      self.mediaTypes = mediaTypes
      self.admits = admits
    }
  }

  package init(_ kind: Kind, _ url: String, timeout: Int, answerLimit: Int) {
    self.kind = kind
    self.url = url
    self.timeout = timeout
    self.answerLimit = answerLimit
    isFresh = kind == .connect
  }

  /// The time limit of connecting, in milliseconds; a part of `timeout`.
  var connectTimeout: Int { min(timeout, 2000) }
}
