import Clicks
package import JSON
import Links
import Text

extension LinkStats {
  /// Writes the answer of `GET /stats/{short_code}`.
  package func write(to json: inout JSONWriter) {
    json.beginObject()
    json.key("short_code")
    json.string(slug.description)
    json.key("total_clicks")
    json.number(totalClicks)
    json.key("unique_visitors")
    json.number(uniqueVisitors)
    json.key("unique_visitors_error")
    json.number(uniqueVisitorsError)
    json.key("last_clicked")
    if let lastClicked {
      json.string(RFC3339.string(seconds: lastClicked))
    } else {
      json.null()
    }
    json.key("clicks_by_day")
    json.beginArray()
    for day in days {
      json.beginObject()
      json.key("date")
      json.string(day.date)
      json.key("clicks")
      json.number(day.clicks)
      json.endObject()
    }
    json.endArray()
    json.key("top_referrers")
    json.beginArray()
    for entry in topReferrers {
      json.beginObject()
      json.key("referrer")
      json.string(entry.referrer)
      json.key("clicks")
      json.number(entry.clicks)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }
}
