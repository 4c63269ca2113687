import Glibc
package import Logging

/// How each of our daemons begins and ends: arguments, settings, log, signals, exit status.
package enum Program {
  package static let version = "0.1.0"

  /// Runs a daemon whose settings all come from the environment, and exits.
  ///
  /// Exit statuses are those of sysexits.h: 64 for unknown arguments, 70 when `serve` fails, 78 for
  /// an invalid setting.
  ///
  /// - Parameters:
  ///   - name: The program's name.
  ///   - purpose: One sentence for `--help`.
  ///   - blocksSignals: See `Signals.install(blocked:)`.
  ///   - serve: Works until `Signals.stopRequested`.
  package static func run(
    _ name: String, purpose: String, blocksSignals: Bool = false,
    serve: (Settings, Logger) throws -> Void
  ) -> Never {
    switch CommandLine.arguments.dropFirst().first {
    case nil: break
    case "--help", "-h":
      print(
        """
        \(name) \(version): \(purpose)

        It takes no arguments: everything is set by environment variables. Those that the
        environment doesn't have are read from one file: the one that SWIFTLET_ENV names, else
        \(SettingsFile.places.joined(separator: ", else ")). `swiftlet settings --sample` lists them all.
        """)
      exit(0)
    case "--version":
      print(version)
      exit(0)
    case .some(let argument):
      complain("\(name): unknown argument \(argument); try --help")
      exit(EX_USAGE)
    }
    do {
      let settings = try Settings(Variables.load())
      Signals.install(blocked: blocksSignals)
      let log = Log.make(name, level: settings.logLevel)
      do {
        try serve(settings, log)
        exit(0)
      } catch let error as SettingError {
        throw error
      } catch {
        log.critical("stopped by an error", metadata: ["error": "\(String(reflecting: error))"])
        exit(EX_SOFTWARE)
      }
    } catch {
      complain("\(name): \(error)")
      exit(EX_CONFIG)
    }
  }

  private static func complain(_ line: String) {
    Log.write(Array(line.utf8))
  }
}
