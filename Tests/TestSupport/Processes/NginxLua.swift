import Foundation

/// Lua of the fast path, run by nginx's own LuaJIT in an nginx that ends before it listens.
package enum NginxLua {
  /// The lines of nginx.conf that load it.
  package static let modules = """
    load_module /usr/lib/nginx/modules/ndk_http_module.so;
    load_module /usr/lib/nginx/modules/ngx_http_lua_module.so;
    """

  /// Runs a script.
  ///
  /// - Parameters:
  ///   - script: May `require("swiftlet.lua.…")`, and writes to the file `output`.
  ///   - block: Further text of the http block, such as dictionaries.
  /// - Returns: What it writes, and what nginx logs meanwhile.
  /// - Throws: When it raises an error.
  package static func run(
    _ script: String, block: String = ""
  ) throws -> (output: String, log: String) {
    let directory = try ScratchDirectory("lua")
    let configuration = """
      \(modules)
      pid \(directory("pid"));
      error_log \(directory("error.log")) notice;
      events { }
      http {
        \(block)
        init_by_lua_block {
          package.path = "\(Repository.url("nginx-config").path)/?.lua;" .. package.path
          local output = assert(io.open("\(directory("output"))", "w"))
      \(script)
          output:close()
          os.exit(0)
        }
      }
      """
    try configuration.write(
      toFile: directory("nginx.conf"), atomically: true, encoding: .utf8)
    let words = [
      "-p", directory.path, "-e", directory("error.log"), "-c", directory("nginx.conf"), "-g",
      "daemon off; master_process off;",
    ]
    let run = try Command.run("/usr/sbin/nginx", words)
    let log = (try? String(contentsOfFile: directory("error.log"), encoding: .utf8)) ?? ""
    guard run.status == 0 else {
      throw Command.Failed(command: "nginx's Lua", output: run.output + log)
    }
    return (try String(contentsOfFile: directory("output"), encoding: .utf8), log)
  }
}
