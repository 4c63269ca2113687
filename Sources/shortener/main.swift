import Service

Program.run(
  "shortener", purpose: "redirects, a FastCGI worker on descriptor 0",
  blocksSignals: true
) { settings, log in
  try ShortenerPool.serve(settings, log: log)
}
