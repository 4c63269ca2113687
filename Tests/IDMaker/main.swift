import Glibc
import Service

// `idmaker` makes ids into ID_FILE until SIGTERM; `idmaker check FILE…` proves that none is there twice.

if CommandLine.arguments.dropFirst().first == "check" {
  exit(try Checker(CommandLine.arguments.dropFirst(2)).report())
}
Program.run("idmaker", purpose: "makes ids into a file, as fast as it is let") { settings, log in
  try Maker(settings, log: log).run()
}
