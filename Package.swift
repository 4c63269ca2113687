// swift-tools-version: 6.1

import PackageDescription

/// Every Swift target is compiled alike: an import is private to its file unless it says otherwise,
/// and a warning is an error.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .unsafeFlags(["-warnings-as-errors"]),
  // Else generic code of another module stays generic, on the way of every request.
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
  // Debug builds, and so all tests, check exclusive access at run time; here it is paid for nothing.
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: dependencies + ["TestSupport"], swiftSettings: strict)
}

let package = Package(
  name: "swiftlet",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    // C: Debian's libraries, seen through one header each.
    .systemLibrary(name: "CFastCGI"),
    .systemLibrary(name: "CPostgres"),
    .systemLibrary(name: "CRedis"),
    .systemLibrary(name: "CRabbitMQ"),
    .systemLibrary(name: "CCurl"),
    .systemLibrary(name: "CZlib"),
    .systemLibrary(name: "CIDN2"),

    // Wrappers: one Swift face for each C library; they know no links, and not each other.
    library("FastCGI", ["CFastCGI"]),
    library("Postgres", ["CPostgres"]),
    library("Redis", ["CRedis"]),
    library("AMQP", ["CRabbitMQ"]),
    library("ClickHouse", ["CCurl"]),
    library("Gzip", ["CZlib"]),
    library("IDNA", ["CIDN2"]),

    // Core: values and decisions, no I/O but the service's own settings, log and signals.
    library("JSON"),
    library("Links", ["IDNA"]),
    library("Clicks", ["JSON"]),
    library("Stats", ["Links", "Clicks", "JSON"]),
    library("Web", ["JSON", httpTypes]),
    library("Service", ["JSON", "Clicks", log]),
    // Of its own, because stores, endpoints, programs and the command line share it, and a reader of
    // numbers needs nothing of what the others do with files, settings or requests.
    library("Metrics"),

    // Edges: the engines behind the domain's ports, and the requests in front of them.
    library(
      "Stores",
      [
        "JSON", "Links", "Clicks", "Stats", "Service", "Metrics", "Postgres", "Redis", "AMQP",
        "ClickHouse", "Gzip", log,
      ]),
    library(
      "Endpoints",
      [
        "Links", "Clicks", "Stats", "Web", "JSON", "Service", "Metrics", "Stores", "FastCGI",
        httpTypes, log,
      ]),

    // Programs.
    program("shortener", ["Endpoints", "Stores", "Service"]),
    program("analytics", ["Endpoints", "Stores", "Service"]),
    program("relay", ["Stores", "Service", "Metrics"]),
    program("consumer", ["Stores", "Service", "Metrics"]),
    program(
      "swiftlet",
      [
        "Links", "Clicks", "Stats", "JSON", "Service", "Metrics", "Stores", "Postgres", "Redis",
        "AMQP", "ClickHouse", argumentParser, log,
      ]),

    // Tests, in rings: pure, wrapper, process, site.
    .target(
      name: "TestSupport", dependencies: ["CCurl"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .target(
      name: "WebAddress", dependencies: ["CCurl"], path: "Tests/WebAddress",
      swiftSettings: strict),
    .executableTarget(
      name: "drill", dependencies: ["TestSupport"], path: "Tests/Drill", swiftSettings: strict),
    .executableTarget(
      name: "idmaker", dependencies: ["Stores", "Links", "Service", log], path: "Tests/IDMaker",
      swiftSettings: strict),
    tests("JSON", ["JSON"]),
    tests("Links", ["Links", "WebAddress"]),
    tests("Clicks", ["Clicks", "JSON", "Service"]),
    tests("AMQP", ["AMQP"]),
    tests("ClickHouse", ["ClickHouse"]),
    tests("Gzip", ["Gzip"]),
    tests("Stats", ["Stats", "Links", "JSON"]),
    tests(
      "ClickStores",
      [
        "Stores", "Clicks", "Stats", "Links", "Service", "Metrics", "AMQP", "ClickHouse", "JSON",
        log, "relay", "consumer",
      ]),
    tests("Web", ["Web", httpTypes]),
    tests("Service", ["Service"]),
    tests("Metrics", ["Metrics", "Stores", "Service", log]),
    tests("Process", []),
    tests("Site", []),
    tests("Endpoints", ["Endpoints", "Links", "Stores", "Web", httpTypes]),
    tests("Postgres", ["Postgres"]),
    tests("Redis", ["Redis"]),
    tests("CLI", []),
    tests("Drill", ["drill"]),
    tests(
      "LinkStores",
      ["Stores", "Links", "Metrics", "Postgres", "Redis", "Service", log, "idmaker"]),
  ]
)

// The fuzzers' main is libFuzzer's, and all that they test is built for it: `make fuzz` only.
if Context.environment["SWIFTLET_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "Clicks", "JSON", "Links", "Service", "Stores", "Web", "WebAddress", "AMQP", "ClickHouse",
        "Redis", httpTypes,
      ], path: "Tests/Fuzz",
      exclude: ["seeds"], swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
}
