// The least that a way through RabbitMQ can do: one process publishes persistent messages to a
// durable queue with a window of confirms and consumes them, acknowledging each.
//
// usage: broker HOST PORT MESSAGES BYTES WINDOW
// Prints one JSON object.
#include <amqp.h>
#include <amqp_tcp_socket.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

static void check(amqp_rpc_reply_t reply, const char *what) {
  if (reply.reply_type == AMQP_RESPONSE_NORMAL) return;
  fprintf(stderr, "broker: %s fails\n", what);
  exit(1);
}

static double seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc != 6) {
    fputs("usage: broker HOST PORT MESSAGES BYTES WINDOW\n", stderr);
    return 64;
  }
  uint64_t messages = strtoull(argv[3], NULL, 10), window = strtoull(argv[5], NULL, 10);
  size_t size = strtoull(argv[4], NULL, 10);
  amqp_connection_state_t link = amqp_new_connection();
  amqp_socket_t *socket = amqp_tcp_socket_new(link);
  if (!socket || amqp_socket_open(socket, argv[1], atoi(argv[2])) != 0) return 1;
  check(amqp_login(link, "/", 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest"), "login");
  amqp_channel_open(link, 1);
  check(amqp_get_rpc_reply(link), "channel");
  amqp_confirm_select(link, 1);
  check(amqp_get_rpc_reply(link), "confirm");

  amqp_bytes_t queue = amqp_cstring_bytes("swiftlet_bench");
  amqp_queue_declare(link, 1, queue, 0, 1, 0, 0, amqp_empty_table);
  check(amqp_get_rpc_reply(link), "queue");
  amqp_queue_purge(link, 1, queue);
  check(amqp_get_rpc_reply(link), "purge");
  amqp_basic_qos(link, 1, 0, (uint16_t)window, 0);
  check(amqp_get_rpc_reply(link), "prefetch");
  amqp_basic_consume(link, 1, queue, amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
  check(amqp_get_rpc_reply(link), "consume");

  amqp_basic_properties_t persistent = {._flags = AMQP_BASIC_DELIVERY_MODE_FLAG, .delivery_mode = 2};
  amqp_bytes_t body = {.len = size, .bytes = calloc(1, size)};
  if (!body.bytes) return 1;
  memset(body.bytes, 'x', size);
  uint64_t published = 0, confirmed = 0, consumed = 0, awaited = 0;
  double start = seconds();
  while (confirmed < messages || consumed < messages) {
    while (published < messages && published - confirmed < window) {
      if (amqp_basic_publish(link, 1, amqp_empty_bytes, queue, 1, 0, &persistent, body) != 0) return 1;
      published++;
    }
    amqp_frame_t frame;
    amqp_maybe_release_buffers(link);
    if (amqp_simple_wait_frame(link, &frame) != 0) return 1;
    if (frame.frame_type == AMQP_FRAME_METHOD && frame.payload.method.id == AMQP_BASIC_ACK_METHOD) {
      amqp_basic_ack_t *ack = frame.payload.method.decoded;
      confirmed = ack->multiple ? ack->delivery_tag
                                : (ack->delivery_tag > confirmed ? ack->delivery_tag : confirmed);
    } else if (frame.frame_type == AMQP_FRAME_HEADER) {
      awaited = frame.payload.properties.body_size;
    } else if (frame.frame_type == AMQP_FRAME_BODY) {
      awaited -= frame.payload.body_fragment.len;
      if (awaited == 0 && amqp_basic_ack(link, 1, ++consumed, 0) != 0) return 1;
    }
  }
  double elapsed = seconds() - start;
  amqp_queue_delete(link, 1, queue, 0, 0);
  printf("{\"messages_per_second\":%.1f,\"bytes_per_second\":%.0f}\n", (double)messages / elapsed,
         (double)messages * (double)size / elapsed);
  return 0;
}
