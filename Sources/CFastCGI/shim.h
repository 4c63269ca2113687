#pragma once
// Without this, fcgiapp.h's neighbours would redefine stdio.
#define NO_FCGI_DEFINES 1
#include <fcgiapp.h>

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>
#include <poll.h>

// Hidden behind _GNU_SOURCE, which a module can't set for itself.
int ppoll(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *);

/// An epoll descriptor that watches a listening socket together with sibling processes: the kernel
/// wakes one of them, not all. -1 and errno on failure.
static inline int swiftlet_watch(int listener) {
  struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE};
  int watcher = epoll_create1(EPOLL_CLOEXEC);
  if (watcher >= 0 && epoll_ctl(watcher, EPOLL_CTL_ADD, listener, &event) != 0) {
    int failure = errno;
    close(watcher);
    errno = failure;
    return -1;
  }
  return watcher;
}

/// Waits for the watcher's socket with the given signal mask; > 0 when it is ready.
static inline int swiftlet_wait(int watcher, int milliseconds, const sigset_t *mask) {
  struct epoll_event event;
  return epoll_pwait(watcher, &event, 1, milliseconds, mask);
}

/// Waits for bytes on one connection with the given signal mask; > 0 when there are some.
static inline int swiftlet_wait_kept(int connection, int milliseconds, const sigset_t *mask) {
  struct pollfd kept = {.fd = connection, .events = POLLIN};
  struct timespec timeout = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  return ppoll(&kept, 1, &timeout, mask);
}
