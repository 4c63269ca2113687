/// The texts by which browsers, systems and devices are known, the most telling ones first.
///
/// A browser names those that it is compatible with, so the order decides.
enum AgentTokens {
  static let browsers: [(Browser, [String])] = [
    (.facebook, ["FBAN/", "FBAV/", "FB_IAB/"]), (.instagram, ["Instagram "]),
    (.tikTok, ["musical_ly", "BytedanceWebview", "TikTok "]), (.snapchat, ["Snapchat/"]),
    (.pinterest, ["Pinterest for ", "[Pinterest/"]), (.linkedIn, ["LinkedInApp"]),
    (.twitter, ["Twitter for ", "TwitterAndroid"]), (.weChat, ["MicroMessenger/"]),
    (.line, [" Line/"]), (.googleApp, [" GSA/"]),
    (.edge, ["Edg/", "EdgA/", "EdgiOS/", "Edge/"]),
    (.opera, ["OPR/", "OPiOS/", "OPT/", "OPX/", "Opera Mini/", "Opera Mobi/", "Opera/", "Opera "]),
    (.samsung, ["SamsungBrowser/"]), (.yandex, ["YaBrowser/", "YaSearchBrowser/"]),
    (.vivaldi, ["Vivaldi/"]),
    (.duckDuckGo, ["DuckDuckGo/", "Ddg/"]), (.uc, ["UCBrowser/", "UCWEB/"]),
    (.xiaomi, ["MiuiBrowser/"]), (.huawei, ["HuaweiBrowser/"]),
    (.qq, ["MQQBrowser/", "QQBrowser/"]),
    (.whale, ["Whale/"]), (.silk, ["Silk/"]), (.brave, ["Brave/"]),
    (.firefox, ["FxiOS/", "Focus/", "Firefox/", "Fennec/"]),
    (.chrome, ["CriOS/", "Chrome/", "Chromium/"]), (.internetExplorer, ["MSIE ", "Trident/"]),
    (.safari, ["Safari/"]),
  ]

  static let systems: [(OperatingSystem, [String])] = [
    (.windowsPhone, ["Windows Phone"]), (.xbox, ["Xbox"]),
    (.iOS, ["iPhone", "iPad", "iPod"]), (.kaiOS, ["KAIOS/"]), (.tizen, ["Tizen"]),
    (.webOS, ["Web0S", "webOS", "hpwOS"]), (.harmonyOS, ["HarmonyOS", "OpenHarmony"]),
    (.android, ["Android"]), (.chromeOS, ["CrOS "]), (.windows, ["Windows"]),
    (.playStation, ["PlayStation"]), (.nintendo, ["Nintendo"]),
    (.macOS, ["Macintosh", "Mac OS X", "Mac_PowerPC"]),
    (.bsd, ["FreeBSD", "OpenBSD", "NetBSD"]), (.linux, ["Linux", "X11", "Ubuntu"]),
  ]

  static let hints: [(AgentHints, [String])] = [
    (.mobile, ["Mobile", "iPhone", "iPod", "Windows Phone", "Opera Mobi", "Opera Mini", "KAIOS"]),
    (.tablet, ["iPad", "Tablet", "tablet", "Kindle", "PlayBook", "SM-T", " KFT", " KFA"]),
    (
      .television,
      [
        "SmartTV", "Smart-TV", "SMART-TV", "Smart TV", "AppleTV", "Apple TV", "GoogleTV",
        "Android TV", "BRAVIA", "Roku/", "AFTB", "AFTM", "AFTS", "AFTT", "CrKey", "HbbTV", "Web0S",
        "NetCast", "VIDAA",
      ]
    ),
    (.console, ["PlayStation", "Xbox", "Nintendo"]), (.version, ["Version/"]),
  ]

  /// Words of programs that no list has; `bot` alone stands for more and is told apart.
  static let botWords = ["crawl", "Crawl", "spider", "Spider", "headless", "Headless", "+http"]
  static let bot = ["bot", "Bot", "BOT"]
}
