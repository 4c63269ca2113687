import ArgumentParser
import Service

Signals.install()
Swiftlet.main()
