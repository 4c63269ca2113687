import Glibc
import Service

/// A line on the terminal that says how far a long command has come.
///
/// It is written over once a second; where stderr is no terminal nothing is written.
final class Progress {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var shown = SystemClock.bootMilliseconds()
  private var isOnScreen = false

  func show(_ text: @autoclosure () -> String) {
    guard isTerminal, SystemClock.bootMilliseconds() >= shown + 1000 else { return }
    shown = SystemClock.bootMilliseconds()
    isOnScreen = true
    Outcome.write("\r\u{1B}[K" + text())
  }

  /// Takes the line away.
  func clear() {
    if isOnScreen { Outcome.write("\r\u{1B}[K") }
    isOnScreen = false
  }
}
