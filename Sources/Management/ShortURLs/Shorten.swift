package import Destinations
import HTTPTypes
import Links
package import Metrics
import Sessions
package import Web

/// `POST /shorten`: makes links and answers 201 once PostgreSQL has them.
///
/// Requests that wait for the same worker are stored by one commit, which costs much more than a row.
package final class Shorten {
  private let creation: LinkCreation
  private let baseURL: String
  private let ownHosts: OwnHosts
  private let meter: Meter
  private var taken: [DestinationURL] = []

  package init(_ creation: LinkCreation, baseURL: String, ownHosts: OwnHosts, meter: Meter) {
    self.creation = creation
    self.baseURL = baseURL
    self.ownHosts = ownHosts
    self.meter = meter
  }

  /// Takes a request, which `answer` answers.
  ///
  /// - Returns: The answer to one that is refused at once; nil for one that is taken.
  package func take(_ request: Request) -> Response? {
    do throws(ManagementFailure) {
      taken.append(try ShortenRequest(request, ownHosts: ownHosts).destination)
      return nil
    } catch {
      return counted(error.problem.response)
    }
  }

  /// Answers what was taken, in its order.
  package func answer() -> [Response] {
    defer { taken.removeAll(keepingCapacity: true) }
    return creation.create(taken).map { created in counted(answer(created)) }
  }

  private func answer(_ created: Result<Link, StoreError>) -> Response {
    switch created {
    case .success(let link):
      Response(json: .created, location: link.shortURL(base: baseURL)) { json in
        link.write(to: &json, base: baseURL)
      }
    case .failure(let error):
      ManagementFailure.unavailable(retryAfterSeconds: error.retryAfterSeconds).problem.response
    }
  }

  private func counted(_ response: Response) -> Response {
    meter.count(.shorten, status: response.status.code)
    return response
  }
}
