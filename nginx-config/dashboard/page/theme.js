// Sets the chosen theme before the first paint; a module would run too late.
try {
  const { theme } = JSON.parse(localStorage.getItem('swiftlet') ?? '{}');
  if (theme) document.documentElement.dataset.theme = theme;
} catch { /* A browser without storage has the system's theme. */ }
