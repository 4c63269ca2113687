import AMQP

/// `rabbitmqctl` of this machine's RabbitMQ, for one login.
struct RabbitMQControl {
  /// Something that the login needs and the broker lacks.
  enum Lack: CustomStringConvertible {
    case user(String)
    case virtualHost(String)
    case permissions(user: String, virtualHost: String)

    var isUser: Bool {
      if case .user = self { true } else { false }
    }

    var description: String {
      switch self {
      case .user(let name): "the user \(name)"
      case .virtualHost(let name): "the virtual host \(name)"
      case .permissions(let user, let virtualHost): "rights of \(user) in \(virtualHost)"
      }
    }
  }

  private let address: BrokerAddress

  init(_ address: BrokerAddress) {
    self.address = address
  }

  /// What the operator types where there is no `rabbitmqctl`.
  static func commands(for address: BrokerAddress) -> [String] {
    [
      "rabbitmqctl add_vhost \(address.virtualHost)",
      "rabbitmqctl add_user \(address.user)      # it asks for the password",
      "rabbitmqctl set_permissions -p \(address.virtualHost) \(address.user) '.*' '.*' '.*'",
    ]
  }

  func lacking() throws(ProgramRunError) -> [Lack] {
    var lacking: [Lack] = []
    let hasUser = try list("list_users").contains(address.user)
    let hasHost = try list("list_vhosts").contains(address.virtualHost)
    if !hasUser { lacking.append(.user(address.user)) }
    if !hasHost { lacking.append(.virtualHost(address.virtualHost)) }
    let hasRights =
      hasUser && hasHost
      ? try list("list_permissions", "-p", address.virtualHost).contains(address.user) : false
    if !hasRights {
      lacking.append(.permissions(user: address.user, virtualHost: address.virtualHost))
    }
    return lacking
  }

  func make(_ thing: Lack) throws(ProgramRunError) {
    switch thing {
    case .user(let name): try run(["add_user", name], input: address.password)
    case .virtualHost(let name): try run(["add_vhost", name])
    case .permissions(let user, let virtualHost):
      try run(["set_permissions", "-p", virtualHost, user, ".*", ".*", ".*"])
    }
  }

  /// Whether it knows the user by another password.
  func isPasswordWrong() -> Bool {
    (try? run(["authenticate_user", address.user], input: address.password)) == nil
  }

  /// The first column of a list.
  private func list(_ words: String...) throws(ProgramRunError) -> [String] {
    let output = try run(["-q"] + words + ["--no-table-headers"])
    return output.split(whereSeparator: \.isNewline).map { line in
      String(line.prefix { $0 != "\t" })
    }
  }

  /// A password goes through stdin: others can read arguments.
  @discardableResult
  private func run(_ words: [String], input: String = "") throws(ProgramRunError) -> String {
    try ProgramRun.check(
      "rabbitmqctl", words, input: input.isEmpty ? [] : Array((input + "\n").utf8))
  }
}
