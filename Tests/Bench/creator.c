// The least that a pool can do for POST /shorten: prefork processes on a Unix socket that read the
// body, store a row of the same shape by one prepared INSERT, and answer 201 when it is committed.
// Nothing is checked and nothing cached. What creation reaches is measured by it.
//
// usage: creator SOCKET PROCESSES DSN
#include <endian.h>
#include <fcgiapp.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BODY_LIMIT = 65536, CODE_LENGTH = 11 };

static const char insert[] =
    "INSERT INTO bench_urls (snowflake_id, short_code, original_url, created_at) VALUES ($1, $2, $3, now())";

// Ascending as Swiftlet's: milliseconds, process, number.
static uint64_t next_id(int process) {
  static uint64_t number;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  uint64_t milliseconds = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
  return (milliseconds - 1700000000000) << 22 | (uint64_t)process << 12 | (number++ & 0xFFF);
}

static void write_code(uint64_t id, char *code) {
  static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  for (int i = CODE_LENGTH - 1; i >= 0; i--, id /= 62) code[i] = digits[id % 62];
}

static int store(PGconn *connection, int process, const char *body, int length, char *code) {
  uint64_t id = next_id(process), wire = htobe64(id);
  write_code(id, code);
  const char *values[] = {(const char *)&wire, code, body};
  int lengths[] = {sizeof wire, CODE_LENGTH, length}, formats[] = {1, 1, 1};
  PGresult *result = PQexecPrepared(connection, "insert", 3, values, lengths, formats, 1);
  int stored = PQresultStatus(result) == PGRES_COMMAND_OK;
  PQclear(result);
  return stored;
}

static void serve(int socket, int process, const char *dsn) {
  static char body[BODY_LIMIT];
  FCGX_Request request;
  PGconn *connection = PQconnectdb(dsn);
  if (PQstatus(connection) != CONNECTION_OK) exit(1);
  PQclear(PQprepare(connection, "insert", insert, 0, NULL));
  if (FCGX_InitRequest(&request, socket, 0) != 0) exit(1);
  while (FCGX_Accept_r(&request) == 0) {
    char code[CODE_LENGTH];
    int length = FCGX_GetStr(body, BODY_LIMIT, request.in);
    if (store(connection, process, body, length, code)) {
      FCGX_FPrintF(request.out,
                   "Status: 201 Created\r\nContent-Type: application/json\r\n"
                   "Location: http://localhost/%.*s\r\n\r\n{\"short_code\":\"%.*s\"}",
                   CODE_LENGTH, code, CODE_LENGTH, code);
    } else {
      FCGX_PutS("Status: 503 Service Unavailable\r\n\r\n", request.out);
    }
    FCGX_Finish_r(&request);
  }
  exit(0);
}

int main(int argc, char **argv) {
  int processes = argc == 4 ? atoi(argv[2]) : 0;
  if (processes < 1) {
    fputs("usage: creator SOCKET PROCESSES DSN\n", stderr);
    return 64;
  }
  FCGX_Init();
  // libfcgi's own handler would only note that it is to stop.
  signal(SIGTERM, SIG_DFL);
  int socket = FCGX_OpenSocket(argv[1], 1024);
  if (socket < 0) return 1;
  for (int i = 0; i < processes; i++) {
    pid_t child = fork();
    if (child < 0) return 1;
    if (child == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      serve(socket, i, argv[3]);
    }
  }
  while (wait(NULL) > 0) {
  }
  return 0;
}
