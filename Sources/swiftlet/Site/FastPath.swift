import Links
import Service

/// nginx's lines for the fast path: redirects that its Lua answers.
struct FastPath {
  private let directory: String
  private let redisURL: String
  private let redisTimeout: Int
  private let hotCache: Int
  private let journals: String
  private let state: String
  private let segmentBytes: Int
  private let maximumBytes: Int
  private let maxAge: Int
  private let hasSegments: Bool

  init(_ read: Variables) throws(SettingError) {
    directory = try read.text(.siteFolder)
    redisURL = try Self.quotable(.redisURL, read)
    redisTimeout = try read.integer(.redisTimeout)
    hotCache = try read.integer(.hotCache)
    journals = try Self.quotable(.journalDirectory, read)
    state = try Self.quotable(.stateDirectory, read)
    segmentBytes = try read.integer(.journalSegmentBytes)
    maximumBytes = try read.integer(.journalMaxBytes)
    maxAge = try read.integer(.redirectMaxAge)
    hasSegments = try Settings(read).slugForm == .segments
  }

  /// A value for a quoted string of Lua.
  private static func quotable(
    _ setting: Setting, _ read: Variables
  ) throws(SettingError) -> String {
    let value = try read.text(setting)
    guard !value.utf8.contains(where: "\"\\".utf8.contains) else {
      throw SettingError(
        name: setting.name, value: value,
        expected: "without quotes and backslashes, for nginx's Lua")
    }
    return value
  }

  var locationLine: String { "\n    include swiftlet/fastpath.conf;" }

  /// The line that stands behind all other locations.
  var segmentsLine: String { hasSegments ? "\n    include swiftlet/fastpath-segments.conf;" : "" }

  /// The lines for the http block.
  var httpLines: String {
    """

    # The fast path (FAST_PATH): nginx's Lua answers redirects by these values. The location is included
    # below; without that line all requests go to the pool.
    init_by_lua_block {
        package.path = "\(directory)/?.lua;" .. package.path
        require("swiftlet.lua.fast_path").configure {
            redis_url = "\(redisURL)",
            redis_timeout_ms = \(redisTimeout),
            hot_cache_ms = \(hotCache),
            state_dir = "\(state)",
            journal_dir = "\(journals)",
            journal_segment_bytes = \(segmentBytes),
            journal_max_bytes = \(maximumBytes),
        }
    }
    init_worker_by_lua_block {
        require("swiftlet.lua.fast_path").start()
    }
    map $swiftlet_prefetch $swiftlet_cache_control {
        default "private, max-age=\(maxAge)";
        1 "no-store";
    }

    # What one worker of nginx was told of links, for the others: about 100 000 links.
    lua_shared_dict swiftlet_links 32m;
    # How many bytes the journals have, as one worker of nginx measures for all.
    lua_shared_dict swiftlet_journals 64k;
    """
  }
}
