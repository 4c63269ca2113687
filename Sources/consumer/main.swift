import Service
import Stores

Program.run("consumer", purpose: "stores the clicks from the broker in ClickHouse") {
  settings, log in
  try Consumer(ConsumerSettings(settings), log: log).run()
}
