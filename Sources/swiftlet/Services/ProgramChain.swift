import Glibc

/// A program that reads what another one writes, between a beginning and an end of ours.
///
/// The two have a pipe between them, so the length of what goes through it doesn't matter.
enum ProgramChain {
  /// A program, and its arguments after its name.
  struct Call {
    let program: String
    let arguments: [String]
    var input: [UInt8] = []
  }

  /// Runs both until they end.
  ///
  /// - Parameters:
  ///   - source: The program that writes.
  ///   - target: The program that reads.
  ///   - head: What the target reads first.
  ///   - tail: What it reads last, but only after the source has succeeded; nil to let it end without.
  ///   - meanwhile: Is called now and then while they are at work.
  ///   - environment: Variables in addition to our own.
  /// - Throws: `ProgramRunError` when one of them has failed; the target's error is the first to be told.
  static func check(
    _ source: Call, into target: Call, after head: String, before tail: () -> String?,
    meanwhile: () -> Void, environment: [String: String]
  ) throws(ProgramRunError) {
    let ends = ProgramPipes.pair()
    let reader = ProgramPipes(reading: ends[0])
    let readerID: pid_t
    do throws(ProgramRunError) {
      readerID = try ProgramRun.start(target.program, target.arguments, environment, reader)
    } catch {
      close(ends[1])
      throw error
    }
    write(head, to: ends[1])
    let written = Result<ProgramRun.Result, ProgramRunError> { () throws(ProgramRunError) in
      let writer = ProgramPipes(writing: fcntl(ends[1], F_DUPFD_CLOEXEC, 0))
      let writerID = try ProgramRun.start(source.program, source.arguments, environment, writer)
      return ProgramRun.end(writerID, writer, source.input, meanwhile: meanwhile)
    }
    if (try? written.get())?.status == 0, let tail = tail() { write(tail, to: ends[1]) }
    close(ends[1])
    try ProgramRun.end(readerID, reader, meanwhile: meanwhile)
      .check(target.program, target.arguments)
    try written.get().check(source.program, source.arguments)
  }

  /// A reader that has ended wants no more; its status says why.
  private static func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return
      }
    }
  }
}
