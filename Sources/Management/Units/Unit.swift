import Links

/// What one transaction may change, on behalf of one caller; `Units.perform` lends it.
package struct Unit {
  /// The links that the caller can see.
  package var shortURLs: ShortURLTable

  /// The names of the links that were changed.
  var changed: [LinkKey] { shortURLs.changed }
}
