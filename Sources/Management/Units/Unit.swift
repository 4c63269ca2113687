import Links

/// The changes of one transaction on behalf of one caller; lent by `Units.perform`.
package struct Unit {
  /// The links that the caller can see.
  package var shortURLs: ShortURLTable

  /// The names of the links that were changed.
  var changed: [LinkKey] { shortURLs.changed }
}
