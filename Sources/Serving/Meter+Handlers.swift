package import HTTPTypes
package import Metrics
import Service
import Web

// Handlers that are counted: what an endpoint does stays free of it.
extension Meter {
  /// A handler whose answers are counted by their class.
  package func counting(_ endpoint: Endpoint, _ handler: @escaping Handler.Answer) -> Handler {
    .each { request, segment throws(Failure) in
      do throws(Failure) {
        let response = try handler(request, segment)
        self.count(endpoint, response.status)
        return response
      } catch {
        self.count(endpoint, error.problem.status)
        throw error
      }
    }
  }

  /// The redirects' handler, with what it took and what became of the request.
  ///
  /// A failure that isn't final is not the client's answer: nginx asks another worker, which counts.
  package func timing(isFinal: Bool, _ redirect: @escaping Handler.Answer) -> Handler {
    .each { request, segment throws(Failure) in
      let begin = SystemClock.nanoseconds()
      do throws(Failure) {
        let response = try redirect(request, segment)
        self.add(.redirects(.redirected))
        self.observe(.redirect, SystemClock.nanoseconds() - begin)
        return response
      } catch {
        guard error == .unknownCode || isFinal && error != .handedOn else {
          self.add(.handOns)
          throw error
        }
        self.add(.redirects(error == .unknownCode ? .notFound : .unavailable))
        self.observe(.redirect, SystemClock.nanoseconds() - begin)
        throw error
      }
    }
  }

  package func count(_ endpoint: Endpoint, _ status: HTTPResponse.Status) {
    add(.requests(endpoint, StatusClass(status: status.code)))
  }
}
