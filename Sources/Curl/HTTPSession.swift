internal import CCurl

/// Connections to HTTP servers, used by one request at a time.
package final class HTTPSession {
  private let multi: OpaquePointer
  /// Kept between transfers together with its connection; a fresh transfer has a handle of its own.
  private let kept: EasyHandle

  /// Prepares for requests; nothing is sent yet.
  ///
  /// The C function: `curl_multi_init`.
  package init() throws(TransferError) {
    guard let multi = curl_multi_init() else {
      throw TransferError(.unreachable, "libcurl has no memory for a session")
    }
    self.multi = OpaquePointer(multi)
    do throws(TransferError) {
      kept = try EasyHandle()
    } catch {
      curl_multi_cleanup(multi)
      throw error
    }
  }

  deinit {
    curl_multi_cleanup(UnsafeMutableRawPointer(multi))
  }

  /// Sends a request and waits for its answer.
  ///
  /// - Parameters:
  ///   - transfer: The request.
  ///   - descriptor: Returns another descriptor to wait for, before each wait; -1 for none.
  ///   - attend: Called when that descriptor is readable, and at least once a second; false ends
  ///     the transfer.
  /// - Returns: The answer, with any status.
  /// - Throws: When no complete answer came.
  package func perform(
    _ transfer: Transfer, watching descriptor: () -> Int32 = { -1 }, attend: () -> Bool = { true }
  ) throws(TransferError) -> Answer {
    let handle = transfer.isFresh ? try EasyHandle() : kept
    var body: [UInt8] = []
    if case .post(let bytes) = transfer.kind { body = bytes }
    let result = body.withUnsafeBufferPointer { body -> Result<Answer, TransferError> in
      do throws(TransferError) {
        try handle.prepare(transfer, body: body)
        let code = run(handle, watching: descriptor, attend)
        return handle.isComplete(code) ? .success(handle.finish()) : .failure(handle.error(code))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Runs one transfer to its end.
  ///
  /// The C functions: `curl_multi_perform`, `curl_multi_poll` with one more descriptor.
  private func run(
    _ handle: EasyHandle, watching descriptor: () -> Int32, _ attend: () -> Bool
  ) -> CURLcode {
    let multi = UnsafeMutableRawPointer(multi)
    return handle.withRaw { easy in
      guard curl_multi_add_handle(multi, easy) == CURLM_OK else { return CURLE_OUT_OF_MEMORY }
      defer { curl_multi_remove_handle(multi, easy) }
      while true {
        var running: Int32 = 0
        guard curl_multi_perform(multi, &running) == CURLM_OK else { return CURLE_SEND_ERROR }
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
          if message.pointee.msg == CURLMSG_DONE { return message.pointee.data.result }
        }
        var extra = curl_waitfd(
          fd: descriptor(), events: Int16(CURL_WAIT_POLLIN), revents: 0)
        let status = curl_multi_poll(multi, &extra, extra.fd < 0 ? 0 : 1, 1000, nil)
        guard status == CURLM_OK else { return CURLE_RECV_ERROR }
        guard attend() else { return CURLE_ABORTED_BY_CALLBACK }
      }
    }
  }
}
