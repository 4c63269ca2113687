import Foundation
import TestSupport

/// Journals as a power cut, a full disk or a stranger may leave them, without a writer.
enum DamagedJournal {
  /// Writes one with good lines around what is damaged, and tells the oracle of the good ones.
  static func plant(_ index: Int, for scene: Scene) throws {
    var bytes: [UInt8] = []
    for number in 0..<200 {
      bytes += line(number, for: scene)
      if number % 50 == 25 { bytes += damage(number / 50) }
    }
    // Its last line was being written.
    if index % 2 == 0 { bytes += Array(#"{"event_id":"0123"#.utf8) }
    try write(bytes)
  }

  /// Writes a whole one of one line.
  static func plantOne(for scene: Scene) throws { try write(line(0, for: scene)) }

  /// A click, which the oracle is told of.
  private static func line(_ number: Int, for scene: Scene) -> [UInt8] {
    let click = PlantedJournal.click(number, of: scene)
    let event = PlantedJournal.event()
    scene.oracle.planted(event, click)
    return PlantedJournal.line(click, id: event)
  }

  private static func write(_ bytes: [UInt8]) throws {
    let directory = try TestStack.value("JOURNAL_DIR")
    let name = String(format: "%016lx", UInt64.random(in: .min ... .max))
    try Data(bytes).write(to: URL(fileURLWithPath: "\(directory)/\(name).ndjson"), options: .atomic)
  }

  private static func damage(_ kind: Int) -> [UInt8] {
    switch kind {
    case 0: Array("{\"event_id\":\"torn\n".utf8)
    case 1: [UInt8](repeating: 0, count: 4096) + [0x0A]
    // Longer than a message may be.
    case 2: [UInt8](repeating: UInt8(ascii: "x"), count: 600_000) + [0x0A]
    default: [0xFF, 0xFE, 0x0A, 0x0A]
    }
  }
}
