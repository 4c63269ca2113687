import Service
import Stores

Program.run("relay", purpose: "carries clicks from the journals to the broker") { settings, log in
  let relay = Relay(try RelaySettings(settings, topology: ClickTopology()), log: log)
  try relay.run()
}
