import HTTPTypes
import Metrics
import Service
import Web

// Handlers that are counted: what an endpoint does stays free of it.
extension Meter {
  /// A handler whose answers are counted by their class.
  func counting(_ endpoint: Endpoint, _ handler: @escaping Handler) -> Handler {
    { request, segment throws(Failure) in
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
  func timing(_ redirect: @escaping Handler) -> Handler {
    { request, segment throws(Failure) in
      let begin = SystemClock.nanoseconds()
      defer { self.observe(.redirect, SystemClock.nanoseconds() - begin) }
      do throws(Failure) {
        let response = try redirect(request, segment)
        self.add(.redirects(.redirected))
        return response
      } catch {
        self.add(.redirects(error == .unknownCode ? .notFound : .unavailable))
        throw error
      }
    }
  }

  func count(_ endpoint: Endpoint, _ status: HTTPResponse.Status) {
    add(.requests(endpoint, StatusClass(status: status.code)))
  }
}
