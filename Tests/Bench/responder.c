// The least that a FastCGI pool can do: prefork processes on a Unix socket that answer every request
// with the same 301, look nothing up and write nothing down. What a pool reaches is measured by it.
//
// usage: responder [SOCKET PROCESSES]
// Without arguments one process serves the socket that is its descriptor 0.
#include <fcgiapp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void serve(int socket) {
  FCGX_Request request;
  if (FCGX_InitRequest(&request, socket, 0) != 0) exit(1);
  while (FCGX_Accept_r(&request) == 0) {
    FCGX_PutS("Status: 301 Moved Permanently\r\n"
              "Location: https://example.com/some/path\r\n"
              "Content-Length: 0\r\n\r\n",
              request.out);
    FCGX_Finish_r(&request);
  }
  exit(0);
}

int main(int argc, char **argv) {
  if (argc == 1) {
    FCGX_Init();
    serve(0);
  }
  int processes = argc == 3 ? atoi(argv[2]) : 0;
  if (processes < 1) {
    fputs("usage: responder [SOCKET PROCESSES]\n", stderr);
    return 64;
  }
  FCGX_Init();
  int socket = FCGX_OpenSocket(argv[1], 1024);
  if (socket < 0) return 1;
  for (int i = 0; i < processes; i++) {
    pid_t child = fork();
    if (child < 0) return 1;
    if (child == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      serve(socket);
    }
  }
  while (wait(NULL) > 0) {
  }
  return 0;
}
