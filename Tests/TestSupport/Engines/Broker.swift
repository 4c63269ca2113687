import Foundation

/// The stack's RabbitMQ by its own command line.
package enum Broker {
  /// Lets it take nothing from publishers (an alarm for memory), or take messages again.
  package static func setBlocked(_ isBlocked: Bool) throws {
    try control(
      ["set_vm_memory_high_watermark"] + (isBlocked ? ["absolute", "1MB"] : ["0.3"]))
  }

  /// Lets it write until there is no byte left, instead of blocking its publishers before; until
  /// its next start.
  package static func ignoreDiskLimit() throws { try control(["set_disk_free_limit", "0"]) }

  private static func control(_ arguments: [String]) throws {
    let ports = try String(contentsOfFile: TestStack.value("VAR") + "/ports", encoding: .utf8)
    var variables: [String: String] = [:]
    for line in ports.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
      if parts.count == 2 { variables[parts[0]] = parts[1] }
    }
    var last = ""
    // One that has just started may not take commands yet.
    let isDone = try eventually(seconds: 60) {
      let (status, output) = try Command.run(
        "/usr/lib/rabbitmq/bin/rabbitmqctl",
        ["-n", variables["STACK_RABBITMQ_NODE"] ?? ""] + arguments,
        environment: [
          "HOME": try TestStack.value("VAR") + "/rabbitmq",
          "ERL_EPMD_PORT": variables["STACK_EPMD_PORT"] ?? "", "ERL_EPMD_ADDRESS": "127.0.0.1",
          "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        ])
      last = output
      return status == 0
    }
    guard isDone else {
      throw Command.Failed(command: arguments.joined(separator: " "), output: last)
    }
  }
}
