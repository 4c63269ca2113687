import Service

Program.run(
  "analytics", purpose: "statistics of links, a FastCGI worker on descriptor 0",
  blocksSignals: true
) { settings, log in
  try AnalyticsPool.serve(settings, log: log)
}
