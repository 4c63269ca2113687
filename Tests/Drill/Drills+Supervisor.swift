import Foundation
import Synchronization
import TestSupport

/// supervisord itself frozen, and killed.
extension Drills {
  static let supervisors: [Drill] = [
    // What dies meanwhile is not replaced, and nobody reads what the programs log.
    Drill(name: "supervisor-freeze", mustSee: [.redelivery]) { scene in
      let supervisor = try Supervisor.pid()
      let victims = try [Component.worker, .relay, .consumer].map {
        try $0.somePid(&scene.faults.random)
      }
      Glibc.kill(supervisor, SIGSTOP)
      defer { Glibc.kill(supervisor, SIGCONT) }
      scene.pause(2)
      for victim in victims { Glibc.kill(victim, SIGKILL) }
      scene.pause(harmSeconds)
    },
    // Its workers serve on, relay and consumer end, and all of them end when the next one has started.
    // That one makes its sockets a second before their workers: until then some requests fail.
    Drill(
      name: "supervisor-kill", mayFail: true, prepare: HostSupervisor.take,
      cleanUp: HostSupervisor.giveBack
    ) { scene in
      for _ in 0..<2 {
        let (workers, others) = (HostSupervisor.workers, HostSupervisor.others)
        let before = scene.oracle.counts
        HostSupervisor.kill()
        scene.pause(4)
        try expectCreation(&scene, "without supervisord")
        if !eventually(seconds: 20, { HostSupervisor.others.isDisjoint(with: others) }) {
          scene.complaints.append("relay or consumer without supervisord")
        }
        if HostSupervisor.workers != workers || workers.isEmpty {
          scene.complaints.append(
            "of \(workers.count) workers \(HostSupervisor.workers.count) left")
        }
        expectRedirects(&scene, since: before, "without supervisord")
        try HostSupervisor.start()
        if !eventually(seconds: 30, { HostSupervisor.workers.isDisjoint(with: workers) }) {
          scene.complaints.append("workers of the killed supervisord are still there")
        }
        let replaced = scene.oracle.counts
        try expectCreation(&scene, "with the next supervisord")
        scene.pause(3)
        expectRedirects(&scene, since: replaced, "with the next supervisord")
      }
    },
  ]

  /// All requests must have been redirected but, on a busy machine, one in 1 000.
  private static func expectRedirects(
    _ scene: inout Scene, since before: (attempted: Int, answered: Int), _ when: String
  ) {
    let now = scene.oracle.counts
    let attempted = now.attempted - before.attempted
    let missing = attempted - (now.answered - before.answered)
    if attempted == 0 || missing > max(1, attempted / 1000) {
      scene.complaints.append("\(missing) of \(attempted) not redirected \(when)")
    }
  }

  private static func expectCreation(_ scene: inout Scene, _ when: String) throws {
    if try !Creation.succeeds(&scene, within: 5) {
      scene.complaints.append("no link could be made \(when)")
    }
  }
}

/// A supervisord for Swiftlet's own programs alone, as on a host whose engines are the system's.
private enum HostSupervisor {
  private static let process = Mutex<ChildProcess?>(nil)
  private static let groups = [
    "shortener", "shortener-lookup", "shortener-api", "shortener-spare", "analytics", "relay",
    "consumer",
  ]

  /// The processes of the stack that serve requests, whoever has started them.
  static var workers: Set<pid_t> { pids(of: ["shortener", "analytics"]) }
  static var others: Set<pid_t> { pids(of: ["relay", "consumer"]) }

  /// Takes the programs over from the stack's supervisord.
  @Sendable static func take() throws {
    for group in groups { try Supervisor.stop("\(group):*") }
    try start()
  }

  @Sendable static func giveBack() throws {
    process.withLock { process in
      guard let last = process else { return }
      last.signal(SIGTERM)
      if last.wait(seconds: 60) == nil { say("the drill's supervisord has not stopped") }
      process = nil
    }
    for group in groups { try Supervisor.start("\(group):*") }
  }

  static func start() throws {
    let (run, log) = try (TestStack.value("SWIFTLET_RUN"), TestStack.value("SWIFTLET_LOG"))
    let settings = run + "/host.conf"
    try """
    [supervisord]
    nodaemon=true
    silent=true
    logfile=\(log)/host-supervisord.log
    pidfile=\(run)/host-supervisord.pid
    [include]
    files=\(run)/conf.d/swiftlet.conf
    """.write(toFile: settings, atomically: true, encoding: .utf8)
    let before = others
    try process.withLock {
      $0 = try ChildProcess(
        "/usr/bin/supervisord", ["-c", settings], output: log + "/host-supervisord.out")
    }
    guard eventually(seconds: 30, { others.subtracting(before).count > 1 }) else {
      throw DrillError("the drill's supervisord does not start relay and consumer")
    }
  }

  static func kill() {
    process.withLock { process in
      process?.signal(SIGKILL)
      _ = process?.wait(seconds: 10)
      process = nil
    }
  }

  private static func pids(of names: [String]) -> Set<pid_t> {
    guard let run = try? TestStack.value("SWIFTLET_RUN") else { return [] }
    let mark = Data("SWIFTLET_RUN=\(run)\0".utf8)
    let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return Set(
      numbers.compactMap { pid_t($0) }.filter { pid in
        let program = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/\(pid)/exe")
        guard let program, names.contains(where: { program.hasSuffix("/\($0)") }) else {
          return false
        }
        let variables = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(pid)/environ"))
        return variables?.range(of: mark) != nil
      })
  }
}
