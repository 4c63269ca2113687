import TestSupport
import XCTest

/// The fast path's look-ups by nginx's own Lua, where the test says what comes between a question and its
/// answer.
final class LuaLinksTests: XCTestCase {
  /// Runs a script that has `links`, by whose Redis `answer(slug)` answers, and `count(slug)`, which counts a
  /// change as the invalidator does.
  private func lua(_ script: String) throws -> [Substring] {
    let state = try ScratchDirectory()
    let page = try GenerationPage(in: state.path)
    page.beat()
    return try NginxLua.run(
      """
      package.loaded["swiftlet.lua.redis"] = {
        configure = function() end,
        get = function(key) return answer(key:match("^short_url:(.*)$")) end,
      }
      local links = require("swiftlet.lua.links")
      local generations = require("swiftlet.lua.generations")
      links.configure { hot_cache_ms = 60000, state_dir = "\(state.path)" }
      local changes = 0
      local function count(slug)
        changes = changes + 1
        local file = assert(io.open("\(state.path)/generations", "r+"))
        file:seek("set", 4096 + 4 * generations.slot(slug))
        file:write("\\0\\0\\0", string.char(changes))
        file:close()
      end
      local function put(link, is_absent)
        output:write(link and (link.destination or "the pool's") or "nothing", is_absent and " there" or "", "\\n")
      end
      """ + "\n" + script, block: "lua_shared_dict swiftlet_links 1m;"
    ).output.split(separator: "\n")
  }

  func testASlugMayHaveSegmentsWithALetterOrDigitEach() throws {
    XCTAssertEqual(
      try lua(
        """
        function answer(slug) return "https://e.org/" .. slug end
        for _, target in ipairs { "/a/b.?x=y", "/a//b", "/a/../b", "/a/", "//a", "/a/-/b" } do
          put(links.find(target))
        end
        """), ["https://e.org/a/b."] + Array(repeating: "nothing", count: 5))
  }

  func testWhatRedisAnswersIsRemembered() throws {
    XCTAssertEqual(
      try lua(
        """
        function answer() return "https://e.org/" end
        put(links.recall("/a"))
        put(links.find("/a?x"))
        put(links.recall("/a"))
        """), ["nothing", "https://e.org/", "https://e.org/"])
  }

  func testAChangeThatComesWhileRedisIsAskedEndsWhatItAnswers() throws {
    XCTAssertEqual(
      try lua(
        """
        function answer(slug) count(slug); return "https://e.org/old" end
        put(links.find("/a"))
        put(links.recall("/a"))
        function answer() count("b"); return "https://e.org/new" end
        put(links.find("/a"))
        put(links.recall("/a"))
        """), ["https://e.org/old", "nothing", "https://e.org/new", "https://e.org/new"])
  }

  func testALeaseIsNothingAndNotRemembered() throws {
    XCTAssertEqual(
      try lua(
        """
        function answer() return "?0123456789abcdef" end
        put(links.find("/a"))
        put(links.recall("/a"))
        function answer() return false end
        put(links.find("/a"))
        function answer() return nil end
        put(links.find("/a"))
        function answer() return "?ghijklmnopqrstuv" end
        put(links.find("/a"))
        """), ["nothing there", "nothing", "nothing there", "nothing", "the pool's"])
  }

  func testAGoneLinkIsThePoolsUntilItIsChanged() throws {
    XCTAssertEqual(
      try lua(
        """
        function answer() return "!" end
        put(links.find("/a"))
        function answer() return "https://e.org/" end
        put(links.find("/a"))
        put(links.recall("/a"))
        count("a")
        put(links.recall("/a"))
        put(links.find("/a"))
        """), ["the pool's", "the pool's", "the pool's", "nothing", "https://e.org/"])
  }

  /// What nginx's workers share outlives a reload, and with it the Lua that wrote it.
  func testWhatAReleaseBeforeSharedIsNothing() throws {
    XCTAssertEqual(
      try lua(
        """
        function answer() return "https://e.org/new" end
        for number, value in ipairs { "https://e.org/old", "=4711 https://e.org/old", "", "1 https://e.org/old" } do
          ngx.shared.swiftlet_links:set("/" .. number, value, 30, 4294967295)
          put(links.recall("/" .. number))
          put(links.find("/" .. number))
        end
        """), Array(repeating: ["nothing", "https://e.org/new"], count: 4).flatMap { $0 })
  }
}
