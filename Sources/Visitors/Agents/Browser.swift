/// The program that a visitor reads the web with.
///
/// The numbers are stored (`browser` of `visits`), and never given to another program.
package enum Browser: UInt8, CaseIterable, Sendable {
  case unknown = 0
  case chrome = 1
  case safari = 2
  case firefox = 3
  case edge = 4
  case opera = 5
  case samsung = 6
  case internetExplorer = 7
  /// The browser of Android's releases before Chrome.
  case android = 8
  case yandex = 9
  case vivaldi = 10
  case duckDuckGo = 11
  case uc = 12
  case xiaomi = 13
  case huawei = 14
  case qq = 15
  case whale = 16
  case silk = 17
  case brave = 18
  // Browsers inside of other apps.
  case facebook = 32
  case instagram = 33
  case tikTok = 34
  case snapchat = 35
  case pinterest = 36
  case linkedIn = 37
  case twitter = 38
  case weChat = 39
  case line = 40
  case googleApp = 41
}
