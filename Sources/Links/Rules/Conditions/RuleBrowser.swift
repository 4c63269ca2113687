/// The browsers that a rule can name, in Shlink's words.
package enum RuleBrowser: String, CaseIterable, Sendable {
  case chrome
  case firefox
  case edge
  case safari
  case opera
  /// The browser of Android's releases before Chrome.
  case androidBrowser = "android_browser"
}
