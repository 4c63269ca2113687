import Service

Program.run(
  "api", purpose: "new links, health and metrics, a FastCGI worker on descriptor 0",
  blocksSignals: true
) { settings, log in
  try APIPool.serve(settings, log: log)
}
