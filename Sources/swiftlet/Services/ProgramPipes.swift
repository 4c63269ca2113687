import Glibc

/// The three pipes between us and a program: its stdin, stdout and stderr.
final class ProgramPipes {
  /// The ends of the program, in the order of its descriptors.
  private(set) var ofTheProgram: [Int32] = []
  private var input: Int32 = -1
  private var outputs: [Int32] = []

  /// - Parameters:
  ///   - given: What the program reads instead of our input; closed with the others.
  ///   - output: What it writes to instead of our output; closed with the others.
  init(reading given: Int32? = nil, writing output: Int32? = nil) {
    for (number, end) in [given, output, nil].enumerated() {
      if let end {
        ofTheProgram.append(end)
        if number == 1 { outputs.append(-1) }
        continue
      }
      let ends = Self.pair()
      ofTheProgram.append(number == 0 ? ends[0] : ends[1])
      if number == 0 { input = ends[1] } else { outputs.append(ends[0]) }
    }
  }

  /// The two ends of a new pipe, to read and to write; no program inherits them.
  static func pair() -> [Int32] {
    var ends: [Int32] = [-1, -1]
    pipe(&ends)
    for descriptor in ends { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    return ends
  }

  func closeThoseOfTheProgram() {
    for descriptor in ofTheProgram { Glibc.close(descriptor) }
    ofTheProgram = []
  }

  func close() {
    closeThoseOfTheProgram()
    for descriptor in [input] + outputs where descriptor >= 0 { Glibc.close(descriptor) }
    (input, outputs) = (-1, [])
  }

  /// Writes the input and reads both outputs until the program has closed them.
  ///
  /// All three at once: a program that waits for one of them would let us wait for another.
  ///
  /// - Parameters:
  ///   - bytes: The input.
  ///   - meanwhile: Is called now and then, once a second at least.
  /// - Returns: Both outputs.
  func exchange(
    _ bytes: [UInt8], meanwhile: () -> Void = {}
  ) -> (output: [UInt8], errors: [UInt8]) {
    var read: [[UInt8]] = [[], []]
    var rest = bytes[...]
    _ = fcntl(input, F_SETFL, O_NONBLOCK)
    while input >= 0 || outputs.contains(where: { $0 >= 0 }) {
      if rest.isEmpty, input >= 0 {
        Glibc.close(input)
        input = -1
        continue
      }
      // poll(2) passes over descriptors below 0.
      var waits =
        outputs.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        + [pollfd(fd: input, events: Int16(POLLOUT), revents: 0)]
      let count = poll(&waits, nfds_t(waits.count), 1000)
      meanwhile()
      guard count > 0 else { continue }
      for index in outputs.indices where waits[index].revents != 0 {
        take(index, into: &read[index])
      }
      if waits[2].revents != 0 { give(&rest) }
    }
    return (read[0], read[1])
  }

  private func take(_ index: Int, into bytes: inout [UInt8]) {
    let part = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
      count = max(0, read(outputs[index], buffer.baseAddress, buffer.count))
    }
    guard part.isEmpty else { return bytes.append(contentsOf: part) }
    Glibc.close(outputs[index])
    outputs[index] = -1
  }

  /// A program that closes its stdin wants no more.
  private func give(_ rest: inout ArraySlice<UInt8>) {
    let count = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
    if count > 0 {
      rest = rest.dropFirst(count)
    } else if errno != EAGAIN && errno != EINTR {
      rest = []
    }
  }
}
