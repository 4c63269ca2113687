#pragma once
// Without this, fcgiapp.h's neighbours would redefine stdio.
#define NO_FCGI_DEFINES 1
#include <fcgiapp.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>

/// Watches a listening socket together with sibling processes: the kernel wakes one of them, not all.
static inline int swiftlet_watch_shared(int watcher, int listener, uint64_t tag) {
  struct epoll_event event = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.u64 = tag};
  return epoll_ctl(watcher, EPOLL_CTL_ADD, listener, &event);
}

/// Watches a connection; closing it ends that.
static inline int swiftlet_watch(int watcher, int connection, uint64_t tag) {
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = tag};
  return epoll_ctl(watcher, EPOLL_CTL_ADD, connection, &event);
}

static inline int swiftlet_unwatch(int watcher, int descriptor) {
  return epoll_ctl(watcher, EPOLL_CTL_DEL, descriptor, NULL);
}

/// Whether the other end of what became ready has gone, so that nobody waits for an answer.
static inline int swiftlet_hung_up(struct epoll_event event) {
  return (event.events & (EPOLLHUP | EPOLLERR)) != 0;
}

/// A bit for the first letter of each parameter's name.
static inline uint32_t swiftlet_initials(char *const *parameters) {
  uint32_t initials = 0;
  for (; *parameters; parameters++) initials |= (uint32_t)1 << (**parameters & 31);
  return initials;
}

/// The value of a parameter, NULL when there is none: FCGX_GetParam, which compares each name as a
/// whole. Some ten are asked for in each request, so the first letter is compared before.
static inline const char *swiftlet_parameter(char *const *parameters, const char *name, size_t length) {
  for (; *parameters; parameters++)
    if (**parameters == *name && strncmp(*parameters, name, length) == 0 && (*parameters)[length] == '=')
      return *parameters + length + 1;
  return NULL;
}
