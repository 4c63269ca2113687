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
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
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
    .systemLibrary(name: "CQREncode"),
    .systemLibrary(name: "CMaxMindDB"),
    .systemLibrary(name: "CSodium"),

    // Wrappers: one Swift face for each C library; they know no links, and not each other.
    library("FastCGI", ["CFastCGI"]),
    library("Postgres", ["CPostgres"]),
    library("Redis", ["CRedis"]),
    library("AMQP", ["CRabbitMQ"]),
    library("Curl", ["CCurl"]),
    // A protocol over a transfer: the one import between wrappers.
    library("ClickHouse", ["Curl"]),
    library("Gzip", ["CZlib"]),
    library("QRCode", ["CQREncode", "CZlib"]),
    library("Geo", ["CMaxMindDB"]),
    library("IDNA", ["CIDN2"]),
    library("Hashing", ["CSodium"]),
    library("Files", [.product(name: "SystemPackage", package: "swift-system")]),

    // Core: values and decisions, and what every program needs of its host: settings, log, counters.
    library("Text"),
    library("JSON", ["Text"]),
    library("Visitors"),
    library("Links", ["Text", "JSON", "Visitors"]),
    library("Destinations", ["Links", "Text", "IDNA"]),
    library("Clicks", ["Text", "Links", "Visitors"]),
    library("Visits", ["Links"]),
    library("Web", ["JSON", "Text", httpTypes]),
    library("Service", ["JSON", "Text", "Clicks", "Files", "Links", log]),
    library("Metrics", ["Files", "Service", log]),
    library("Access", ["Links", "Web", "Text", "Service", "Hashing", "Postgres"]),
    library("API", ["Access", "Metrics", "Web", "JSON", "Links", "Text", httpTypes]),

    // Edges: the engines behind the domain's values, and the requests in front of them. Redirects
    // imports none of Management and Analytics, and these import nothing of it.
    library("Sessions", ["Postgres", "Redis", "Service", log]),
    library("Places", ["Geo", "Files", "Links", "Service", log]),
    library("Journals", ["Clicks", "Text", "Files", "Metrics", "Service"]),
    library(
      "Lookup",
      ["Sessions", "Links", "Clicks", "Metrics", "Postgres", "Redis", "Service", "Files", "Text"]),
    library(
      "Monitoring",
      ["Sessions", "Journals", "Metrics", "Service", "Web", "API", "Access", "JSON", httpTypes]),
    library(
      "Serving",
      ["FastCGI", "Web", "Links", "Text", "Metrics", "Service", httpTypes, log]),
    library(
      "APIServing",
      [
        "Serving", "Sessions", "API", "Access", "Hashing", "Postgres", "Web", "Metrics", "Service",
        "Redis", httpTypes,
      ]),
    library(
      "Redirects",
      [
        "Lookup", "Sessions", "Places", "Journals", "Links", "Clicks", "Web", "Metrics", "Service",
        "FastCGI", httpTypes, log,
      ]),
    library(
      "Management",
      [
        "API", "Access", "Destinations", "Lookup", "Sessions", "Places", "Links", "Web", "JSON",
        "Text", "Metrics", "Service", "Postgres", "Redis", "Hashing", "QRCode", httpTypes, log,
      ]),
    library(
      "Analytics",
      [
        "API", "Access", "Lookup", "Sessions", "Metrics", "Visitors", "Visits", "Links", "Text",
        "Web", "JSON", "Service", "Files", "ClickHouse", "Postgres",
      ]),
    library(
      "Description",
      [
        "API", "Management", "Analytics", "Monitoring", "Destinations", "Links", "Web", "JSON",
        "Service", httpTypes,
      ]),
    library(
      "Pipeline",
      [
        "Journals", "Clicks", "Visitors", "Links", "Files", "Metrics", "Service", "AMQP",
        "ClickHouse", log,
      ]),
    library(
      "Carry",
      ["Pipeline", "Links", "Metrics", "Service", "Postgres", "ClickHouse", log]),
    library(
      "Ledger",
      [
        "Pipeline", "Sessions", "Journals", "Clicks", "Links", "Text", "JSON", "Service", "Files",
        "AMQP", "ClickHouse", "Postgres", "Gzip",
      ]),
    library("Migrations", ["Postgres", "ClickHouse", "Service", "Files"]),
    library(
      "Delivery",
      ["Lookup", "Sessions", "Links", "Metrics", "Service", "Files", "Postgres", "Redis", log]),
    library(
      "Titles",
      ["Sessions", "Destinations", "Links", "Service", "Curl", "Postgres", log]),
    library(
      "Totals", ["Delivery", "Links", "Metrics", "Service", "Postgres", "ClickHouse", log]),

    // Programs.
    program(
      "shortener",
      [
        "Redirects", "Lookup", "Serving", "Sessions", "Places", "Journals", "Service", "Metrics",
        "FastCGI", httpTypes, log,
      ]),
    program(
      "api",
      [
        "Management", "Destinations", "Lookup", "APIServing", "Access", "Monitoring", "Serving",
        "Sessions", "Places", "Journals", "Service", "Metrics", log,
      ]),
    program(
      "analytics",
      [
        "Analytics", "Lookup", "APIServing", "Access", "Monitoring", "Serving", "Sessions",
        "Service", "Metrics", log,
      ]),
    program("relay", ["Pipeline", "Service", "Metrics"]),
    program("consumer", ["Pipeline", "Service", "Metrics"]),
    program("invalidator", ["Delivery", "Service", "Metrics"]),
    program("dispatcher", ["Delivery", "Titles", "Totals", "Service", "Metrics", "Postgres"]),
    program(
      "swiftlet",
      [
        "API", "Access", "Web", "Destinations", "Description", "Management", "Analytics", "Lookup",
        "Ledger", "Migrations", "Delivery", "Pipeline", "Carry", "Journals", "Files", "Sessions",
        "Places", "Geo",
        "Links", "Clicks", "Visitors", "Visits", "Text", "JSON", "Service", "Metrics", "Postgres",
        "Redis",
        "AMQP", "ClickHouse", "Curl", "Gzip", "Hashing",
        argumentParser, log,
      ]),

    // Tests, in rings: pure, wrapper, process, site.
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    // Of its own, because it knows rooms of the sources: a database, a queue, a bench for one test.
    .target(
      name: "EngineSupport",
      dependencies: [
        "TestSupport", "Management", "API", "Access", "Lookup", "Migrations", "Pipeline",
        "Journals", "Sessions", "Links", "Clicks", "Text", "Service", "Web", "JSON", "AMQP",
        "ClickHouse", "Postgres", httpTypes, log,
      ], path: "Tests/EngineSupport", swiftSettings: strict),
    .executableTarget(
      name: "drill", dependencies: ["TestSupport"], path: "Tests/Drill", swiftSettings: strict),
    .executableTarget(
      name: "idmaker", dependencies: ["Management", "Access", "Sessions", "Links", "Service", log],
      path: "Tests/IDMaker",
      swiftSettings: strict),
    tests("Structure", ["swiftlet"]),
    tests("JSON", ["JSON"]),
    tests("Visitors", ["Visitors"]),
    tests("Links", ["Links", "Text", "JSON", "Visitors"]),
    tests("Destinations", ["Destinations", "Links", "Curl"]),
    tests("Clicks", ["Clicks", "Links", "Text", "JSON", "Service"]),
    tests("AMQP", ["AMQP"]),
    tests("ClickHouse", ["ClickHouse", "EngineSupport"]),
    tests("Curl", ["Curl"]),
    tests("Gzip", ["Gzip"]),
    tests("QRCode", ["QRCode"]),
    tests("Geo", ["Geo"]),
    tests("Places", ["Places", "Links", "EngineSupport"]),
    tests("Files", ["Files", .product(name: "SystemPackage", package: "swift-system")]),
    tests("Web", ["Web", "JSON", httpTypes]),
    tests("Hashing", ["Hashing"]),
    tests("Access", ["Access", "Hashing", "Web", httpTypes]),
    tests(
      "APIServing",
      [
        "APIServing", "Access", "Hashing", "Sessions", "Postgres", "Service", "Web",
        "EngineSupport",
        httpTypes,
      ]),
    tests("API", ["API", "Access", "Web", "JSON", "Text", "Links", "Metrics", httpTypes]),
    tests(
      "Description",
      [
        "Description", "Management", "Monitoring", "Analytics", "Serving", "API", "Access",
        "Metrics", "Destinations", "Web", "JSON", "Text", "EngineSupport", httpTypes,
      ]),
    tests("Service", ["Service"]),
    tests("Metrics", ["Metrics", "Journals", "Files", "Service", log]),
    tests("Text", ["Text"]),
    tests("Sessions", ["Sessions", "Postgres", "EngineSupport"]),
    tests("Journals", ["Journals", "Clicks", "Files", "Metrics", "Service", "EngineSupport"]),
    tests(
      "Lookup",
      [
        "Lookup", "Management", "Sessions", "Links", "Postgres", "Redis", "Service", "Files",
        "EngineSupport",
      ]),
    tests("Serving", ["Serving", "Web", httpTypes]),
    tests("Monitoring", ["Monitoring", "Sessions", "Web", "JSON", "API", httpTypes]),
    tests(
      "Management",
      [
        "Management", "API", "Access", "Hashing", "JSON", "Lookup", "Sessions", "Links",
        "Destinations", "Web",
        "Metrics", "Postgres",
        "Redis", "Service", "Places", "EngineSupport", "idmaker", httpTypes,
      ]),
    tests(
      "Analytics",
      [
        "Analytics", "API", "Access", "Web", "Pipeline", "Lookup", "Management", "Visits", "Links",
        "Clicks", "Journals", "Sessions", "Service", "JSON", "ClickHouse", "Postgres",
        "EngineSupport", "relay",
        "consumer", "swiftlet", httpTypes,
      ]),
    tests(
      "Pipeline",
      [
        "Pipeline", "Journals", "Analytics", "Visits", "Migrations", "Clicks", "Visitors", "Links",
        "Metrics", "Service", "Text", "Files", "AMQP", "ClickHouse", "EngineSupport", "relay",
        "consumer", "swiftlet",
      ]),
    tests(
      "Carry",
      [
        "Carry", "Pipeline", "Migrations", "Links", "Metrics", "Service", "ClickHouse", "Postgres",
        "EngineSupport",
      ]),
    tests(
      "Ledger",
      [
        "Ledger", "Pipeline", "Journals", "Clicks", "Links", "Text", "Service", "Sessions", "AMQP",
        "ClickHouse", "Postgres", "EngineSupport", "relay", "consumer",
      ]),
    tests(
      "Backup",
      ["Pipeline", "Clicks", "Service", "ClickHouse", "Postgres", "EngineSupport", "swiftlet"]),
    tests(
      "Migrations",
      [
        "Migrations", "Carry", "Pipeline", "Journals", "Clicks", "Links", "Management", "Service",
        "ClickHouse", "Postgres", "EngineSupport",
      ]),
    tests(
      "Delivery",
      [
        "Delivery", "Totals", "Lookup", "Sessions", "Links", "Metrics", "Service", "Files",
        "Postgres", "Redis", "ClickHouse", "Migrations", "EngineSupport", "invalidator",
        "dispatcher",
      ]),
    tests("Titles", ["Titles", "Sessions", "Service", "Postgres", "EngineSupport"]),
    tests("Process", ["EngineSupport", "Postgres"]),
    tests(
      "Site",
      [
        "AMQP", "Description", "API", "Access", "JSON", "Web", "QRCode", "EngineSupport", httpTypes,
      ]),
    tests(
      "Redirects",
      [
        "Redirects", "Lookup", "Sessions", "FastCGI", "Postgres", "Links", "Clicks", "Visitors",
        "Metrics", "Service", "Web", "EngineSupport", httpTypes,
      ]),
    tests("Postgres", ["Postgres"]),
    tests("Redis", ["Redis"]),
    tests("CLI", ["swiftlet"]),
    tests("Dashboard", ["Curl", "EngineSupport"]),
    tests("Drill", ["drill"]),
  ]
)

// The fuzzers' main is libFuzzer's, and all that they test is built for it: `make fuzz` only.
if Context.environment["SWIFTLET_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "Clicks", "Visitors", "JSON", "Links", "Destinations", "Text", "Service", "Serving",
        "Ledger", "Pipeline", "Journals", "Migrations", "Files", "Web", "API", "Access",
        "Management",
        "AMQP", "ClickHouse", "Curl", "Redis", httpTypes,
      ], path: "Tests/Fuzz",
      exclude: ["seeds"], swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
}
