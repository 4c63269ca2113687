import Service

/// The connections that one of nginx's workers may have to a pool.
struct PoolPlaces {
  /// Those that all workers of the pool have together.
  private let places: Int
  private let retryPlaces: Int
  private let servers: Int

  init(workers: Setting, _ read: Variables) throws(SettingError) {
    let each = try read.integer(.workerConnections)
    places = try read.integer(workers) * each
    retryPlaces = try read.integer(.retryWorkers) * each
    servers = try read.nginxWorkerCount()
  }

  /// At least one, since nginx takes 0 for no limit.
  var placesOfOneServer: Int { max(1, places / servers) }

  /// The lines that let nginx keep idle connections.
  ///
  /// Each of nginx's workers keeps as many as are named here: together a sixteenth of those that the
  /// pool's workers may have. They are a quarter at most of those of the retry workers, which the
  /// requests of two pools may come to. The rest is for what nginx has under way, which it doesn't
  /// count. Where it isn't one each, none is kept.
  ///
  /// nginx closes a kept connection by its own clock, sooner than a worker that is asked to stop would.
  /// So none is closed while a request is on its way.
  var keptLines: String {
    let kept = min(places / 16 / servers, retryPlaces / 4 / servers)
    guard kept > 0 else { return "" }
    return """
          keepalive \(kept);
          keepalive_timeout 1s;
          keepalive_time 2s;
          keepalive_requests 1000000;
      """
  }
}
