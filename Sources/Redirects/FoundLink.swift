import Links

/// A link that leads somewhere, as a look-up has found it.
enum FoundLink {
  case plain(PlainLink)
  case managed(ManagedLink)
}
