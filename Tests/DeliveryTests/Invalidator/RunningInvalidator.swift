import Foundation
import Glibc
import TestSupport
import XCTest

/// The program `invalidator` with a STATE_DIR that only it uses.
final class RunningInvalidator {
  let state: String
  private let directory: ScratchDirectory
  private let url: String
  private var process: ChildProcess?
  private var starts = 0

  /// - Parameters:
  ///   - url: REDIS_URL.
  ///   - host: One on the same host, whose STATE_DIR it shares.
  /// - Throws: When it can't be started.
  init(_ url: String, besides host: RunningInvalidator? = nil) throws {
    directory = try ScratchDirectory("invalidator")
    state = host?.state ?? directory("state")
    self.url = url
    try start()
  }

  func start() throws {
    starts += 1
    process = try ChildProcess(
      TestStack.programs.appending(path: "invalidator").path,
      environment: ["SWIFTLET_ENV": "/dev/null", "STATE_DIR": state, "REDIS_URL": url],
      output: directory("log\(starts)"))
  }

  /// What the process started last has logged.
  var log: String {
    (try? String(contentsOfFile: directory("log\(starts)"), encoding: .utf8)) ?? ""
  }

  func signal(_ number: Int32) { process?.signal(number) }

  /// Waits for its end.
  func wait(seconds: Double = 30) -> Int32? { process?.wait(seconds: seconds) }

  func kill() {
    signal(SIGKILL)
    _ = wait()
  }

  /// The most memory that it ever had, in KiB.
  var peakKibibytes: Int {
    let path = "/proc/\(process?.pid ?? 0)/status"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
  }

  /// The page, once it beats for a moment that has yet to come.
  func beatingPage(file: StaticString = #filePath, line: UInt = #line) throws -> GenerationPage {
    let now = Self.now
    XCTAssertTrue(
      eventually(seconds: 60) { (self.page?.beats.boot ?? 0) > now }, log, file: file, line: line)
    return try GenerationPage(openedIn: state)
  }

  var page: GenerationPage? { try? GenerationPage(openedIn: state) }

  func hasLogged(_ words: String) -> Bool {
    eventually(seconds: 60) { log.contains(words) }
  }

  /// Milliseconds of CLOCK_BOOTTIME.
  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Int64(time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
  }
}

extension GenerationPage {
  func counter(of name: String) -> UInt32 { counter(Self.slot(name)) }
}
