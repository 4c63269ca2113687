// HTTP load at a fixed rate: request i is due at start + i / rate, whether or not the ones before it
// have been answered, and its latency counts from when it was due. So a server that stalls is charged
// for all who would have come meanwhile (no coordinated omission).
//
// usage: openloop HOST PORT PATH RATE SECONDS CONNECTIONS
// Prints one JSON object; times in microseconds.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// --- Histogram: 128 steps for each doubling, so values are exact to better than 1 %. ---

enum { STEPS = 128, BUCKETS = 57 * STEPS };
static uint64_t counts[BUCKETS], total, longest;

static unsigned bucket(uint64_t value) {
  if (value < STEPS) return (unsigned)value;
  unsigned shift = 63 - (unsigned)__builtin_clzll(value) - 7;
  return (shift + 1) * STEPS + (unsigned)(value >> shift) - STEPS;
}

static uint64_t upper_end(unsigned index) {
  if (index < 2 * STEPS) return index;
  unsigned shift = index / STEPS - 1;
  return ((uint64_t)(index % STEPS + STEPS + 1) << shift) - 1;
}

static void record(uint64_t value) {
  counts[bucket(value)]++;
  total++;
  if (value > longest) longest = value;
}

static uint64_t quantile(double q) {
  uint64_t seen = 0, wanted = (uint64_t)(q * (double)total);
  if (wanted >= total) return longest;
  for (unsigned i = 0; i < BUCKETS; i++)
    if ((seen += counts[i]) > wanted) return upper_end(i);
  return longest;
}

// --- Connections ---

struct connection {
  int fd;
  uint64_t due;  // When the request under way was due; 0 when there is none.
  size_t length; // Bytes of the answer's head so far, then of its body still to come.
  int in_body, closes;
  char head[4096];
};

static struct sockaddr_in server;
static int poller;
static char request[2048];
static int request_length;
static uint64_t failures, other_answers;
static struct connection *pool, **idle;
static int idle_count;

static uint64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void dial(struct connection *c) {
  int on = 1;
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&server, sizeof server) != 0) {
    perror("openloop: connect");
    exit(1);
  }
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event);
  c->due = 0, c->length = 0, c->in_body = 0, c->closes = 0;
}

static void redial(struct connection *c) {
  close(c->fd);
  dial(c);
}

static void ask(struct connection *c, uint64_t due) {
  c->due = due, c->length = 0, c->in_body = 0;
  // A connection that nginx closed meanwhile is replaced once; the request is still due when it was.
  for (int i = 0; i < 2; i++) {
    if (send(c->fd, request, (size_t)request_length, MSG_NOSIGNAL) == request_length) return;
    redial(c);
    c->due = due;
  }
}

static void finish(struct connection *c) {
  record((now_ns() - c->due) / 1000);
  c->due = 0;
  if (c->closes) redial(c);
  idle[idle_count++] = c;
}

static void fail(struct connection *c) {
  if (c->due) {
    failures++;
    idle[idle_count++] = c;
  }
  redial(c);
}

static void hear(struct connection *c) {
  char *buffer = c->in_body ? c->head : c->head + c->length;
  size_t room = c->in_body ? sizeof c->head : sizeof c->head - 1 - c->length;
  ssize_t got = recv(c->fd, buffer, room, MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0 || !c->due) {
    fail(c);
    return;
  }
  if (!c->in_body) {
    c->length += (size_t)got;
    c->head[c->length] = 0;
    char *end = strstr(c->head, "\r\n\r\n");
    if (!end) {
      if (c->length == sizeof c->head - 1) fail(c);
      return;
    }
    if (strncmp(c->head + 9, "301", 3) != 0) other_answers++;
    char *field = strcasestr(c->head, "\r\ncontent-length:");
    size_t body = field && field < end ? strtoul(field + 17, NULL, 10) : 0;
    field = strcasestr(c->head, "\r\nconnection: close");
    c->closes = field && field < end;
    size_t have = c->length - (size_t)(end + 4 - c->head);
    c->in_body = 1;
    c->length = body > have ? body - have : 0;
  } else {
    c->length -= (size_t)got < c->length ? (size_t)got : c->length;
  }
  if (c->length == 0) finish(c);
}

int main(int argc, char **argv) {
  if (argc != 7) {
    fputs("usage: openloop HOST PORT PATH RATE SECONDS CONNECTIONS\n", stderr);
    return 64;
  }
  double rate = atof(argv[4]), seconds = atof(argv[5]);
  int connections = atoi(argv[6]);
  server.sin_family = AF_INET;
  server.sin_port = htons((uint16_t)atoi(argv[2]));
  if (inet_pton(AF_INET, argv[1], &server.sin_addr) != 1 || rate <= 0 || connections < 1) return 64;
  request_length = snprintf(request, sizeof request,
                            "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"
                            "Referer: https://example.org/page\r\n\r\n",
                            argv[3], argv[1]);
  if (request_length >= (int)sizeof request) return 64;
  poller = epoll_create1(0);
  pool = calloc((size_t)connections, sizeof *pool);
  idle = calloc((size_t)connections, sizeof *idle);
  if (!pool || !idle) return 1;
  for (int i = 0; i < connections; i++) {
    dial(&pool[i]);
    idle[idle_count++] = &pool[i];
  }

  uint64_t count = (uint64_t)(rate * seconds), sent = 0, start = now_ns();
  uint64_t end = start + (uint64_t)((seconds + 10) * 1e9);
  while (total + failures < count) {
    uint64_t now = now_ns(), due = start + (uint64_t)((double)sent * 1e9 / rate);
    if (now > end) break;
    while (sent < count && idle_count > 0 && due <= now) {
      ask(idle[--idle_count], due);
      sent++;
      due = start + (uint64_t)((double)sent * 1e9 / rate);
    }
    // epoll_pwait2 isn't everywhere: the last stretch before a request is due is polled through.
    int wait = 0;
    if (sent == count || idle_count == 0) wait = 100;
    else if (due > now + 1500000) wait = (int)((due - now) / 1000000);
    struct epoll_event events[64];
    int ready = epoll_wait(poller, events, 64, wait);
    for (int i = 0; i < ready; i++) hear(events[i].data.ptr);
    if (ready == 0 && wait == 0) usleep(20);
  }
  double elapsed = (double)(now_ns() - start) / 1e9;
  printf("{\"rate\":%.1f,\"answered\":%llu,\"failed\":%llu,\"unanswered\":%llu,\"not_301\":%llu,"
         "\"p50\":%llu,\"p90\":%llu,\"p99\":%llu,\"p999\":%llu,\"max\":%llu}\n",
         (double)total / elapsed, (unsigned long long)total, (unsigned long long)failures,
         (unsigned long long)(count - total - failures), (unsigned long long)other_answers,
         (unsigned long long)quantile(0.5), (unsigned long long)quantile(0.9),
         (unsigned long long)quantile(0.99), (unsigned long long)quantile(0.999),
         (unsigned long long)longest);
  return 0;
}
