#pragma once
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

// amqp_login_with_properties is variadic, which Swift cannot call: the face for SASL's PLAIN.
static inline amqp_rpc_reply_t swiftlet_amqp_login(amqp_connection_state_t state,
                                                   const char *vhost, int channel_max,
                                                   int frame_max, int heartbeat,
                                                   const amqp_table_t *properties,
                                                   const char *user, const char *password) {
  return amqp_login_with_properties(state, vhost, channel_max, frame_max, heartbeat, properties,
                                    AMQP_SASL_METHOD_PLAIN, user, password);
}

// How long sent bytes may stay without an answer, or bytes to send without room at the other side,
// before the kernel gives the connection up: librabbitmq waits for room to send without end.
static inline int swiftlet_set_user_timeout(int socket, unsigned milliseconds) {
  return setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &milliseconds, sizeof milliseconds);
}
