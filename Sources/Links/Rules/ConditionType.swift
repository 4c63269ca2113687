/// The kinds of conditions, by their names in Shlink's API.
package enum ConditionType: String, CaseIterable, Sendable {
  case device
  case browser
  case language
  case queryParameter = "query-param"
  case anyValueQueryParameter = "any-value-query-param"
  case valuelessQueryParameter = "valueless-query-param"
  case address = "ip-address"
  case country = "geolocation-country-code"
  case city = "geolocation-city-name"
  case beforeDate = "before-date"
  case afterDate = "after-date"
}
