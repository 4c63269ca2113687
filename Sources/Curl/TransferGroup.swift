internal import CCurl

/// Several requests at a time, each on a connection of its own.
package enum TransferGroup {
  /// Sends GET requests and waits for all answers.
  ///
  /// The C functions: `curl_multi_init`, `curl_multi_perform`, `curl_multi_poll`.
  ///
  /// - Parameter transfers: The requests; their time limits bound the wait.
  /// - Returns: What came of each, in their order.
  package static func perform(_ transfers: [Transfer]) -> [Result<Answer, TransferError>] {
    guard let multi = curl_multi_init() else {
      let failure = TransferError(.unreachable, "libcurl has no memory for requests")
      return transfers.map { _ in .failure(failure) }
    }
    defer { curl_multi_cleanup(multi) }
    let handles = transfers.map { transfer in
      Result { () throws(TransferError) in
        let handle = try EasyHandle()
        try handle.prepare(transfer, body: UnsafeBufferPointer(start: nil, count: 0))
        return handle
      }
    }
    let codes = run(handles.compactMap { try? $0.get() }, multi)
    return handles.map { handle in
      handle.flatMap { handle in
        let code = codes[ObjectIdentifier(handle)] ?? CURLE_SEND_ERROR
        return handle.isComplete(code) ? .success(handle.finish()) : .failure(handle.error(code))
      }
    }
  }

  /// Runs transfers to their ends; those that libcurl can't go on with have no code.
  private static func run(
    _ handles: [EasyHandle], _ multi: UnsafeMutableRawPointer
  ) -> [ObjectIdentifier: CURLcode] {
    var codes: [ObjectIdentifier: CURLcode] = [:]
    let added = handles.filter { handle in
      handle.withRaw { curl_multi_add_handle(multi, $0) == CURLM_OK }
    }
    defer {
      for handle in added { handle.withRaw { _ = curl_multi_remove_handle(multi, $0) } }
    }
    var running: Int32 = 1
    while running > 0, curl_multi_perform(multi, &running) == CURLM_OK {
      var left: Int32 = 0
      while let message = curl_multi_info_read(multi, &left) {
        guard message.pointee.msg == CURLMSG_DONE else { continue }
        let done = message.pointee.easy_handle
        let handle = added.first { handle in handle.withRaw { $0 == done } }
        if let handle { codes[ObjectIdentifier(handle)] = message.pointee.data.result }
      }
      guard running == 0 || curl_multi_poll(multi, nil, 0, 1000, nil) == CURLM_OK else { break }
    }
    return codes
  }
}
