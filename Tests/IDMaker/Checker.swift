import Glibc

/// Counts the ids of all files and those that are there twice: all are sorted in memory, 8 bytes each.
struct Checker {
  private var ids: [Int64]

  init(_ paths: some Collection<String>) throws {
    var sizes: [Int] = []
    for path in paths {
      var status = stat()
      guard stat(path, &status) == 0 else { throw Maker.Failed(operation: path) }
      sizes.append(Int(status.st_size) / 8)
    }
    ids = []
    ids.reserveCapacity(sizes.reduce(0, +))
    for (path, count) in zip(paths, sizes) {
      ids += try Self.read(path, count)
    }
  }

  /// Says what there is.
  ///
  /// - Returns: The exit status: 1 when an id is there twice.
  consuming func report() -> Int32 {
    ids.sort()
    var twice = 0
    for index in ids.indices.dropFirst() where ids[index] == ids[index - 1] {
      twice += 1
      if twice <= 10 { print("twice: \(ids[index])") }
    }
    print("ids \(ids.count) twice \(twice)")
    return twice == 0 ? 0 : 1
  }

  private static func read(_ path: String, _ count: Int) throws -> [Int64] {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw Maker.Failed(operation: path) }
    defer { close(descriptor) }
    var isWhole = true
    let ids = [Int64](unsafeUninitializedCapacity: count) { buffer, initialized in
      var rest = UnsafeMutableRawBufferPointer(buffer)[...]
      while !rest.isEmpty {
        let target = UnsafeMutableRawBufferPointer(rebasing: rest)
        let more = Glibc.read(descriptor, target.baseAddress, target.count)
        guard more > 0 else {
          isWhole = false
          break
        }
        rest = rest.dropFirst(more)
      }
      initialized = count - rest.count / 8
    }
    guard isWhole else { throw Maker.Failed(operation: "read \(path)") }
    return ids
  }
}
