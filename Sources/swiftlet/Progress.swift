import Glibc
import Service

/// A line on the terminal with the progress of a long command.
///
/// It is overwritten once a second; nothing is written where stderr is no terminal.
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

  /// Removes the line.
  func clear() {
    if isOnScreen { Outcome.write("\r\u{1B}[K") }
    isOnScreen = false
  }
}
