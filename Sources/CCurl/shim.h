#pragma once
#include <curl/curl.h>

// curl_easy_setopt and curl_easy_getinfo are variadic, which Swift cannot call: one face for each
// kind of argument.

static inline CURLcode swiftlet_easy_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode swiftlet_easy_set_offset(CURL *handle, CURLoption option,
                                                curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode swiftlet_easy_set_string(CURL *handle, CURLoption option,
                                                const char *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode swiftlet_easy_set_pointer(CURL *handle, CURLoption option,
                                                 const void *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode swiftlet_easy_set_list(CURL *handle, CURLoption option,
                                              struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}

typedef size_t (*swiftlet_write_function)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode swiftlet_easy_set_writer(CURL *handle, swiftlet_write_function writer,
                                                void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, writer);
  if (code != CURLE_OK) return code;
  return curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
}

typedef size_t (*swiftlet_read_function)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode swiftlet_easy_set_reader(CURL *handle, swiftlet_read_function reader,
                                                void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_READFUNCTION, reader);
  if (code != CURLE_OK) return code;
  return curl_easy_setopt(handle, CURLOPT_READDATA, context);
}

typedef curl_socket_t (*swiftlet_open_function)(void *context, curlsocktype purpose,
                                                struct curl_sockaddr *address);

static inline CURLcode swiftlet_easy_set_opener(CURL *handle, swiftlet_open_function opener,
                                                void *context) {
  CURLcode code = curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, opener);
  if (code != CURLE_OK) return code;
  return curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, context);
}

static inline CURLcode swiftlet_easy_get_string(CURL *handle, CURLINFO info, const char **value) {
  return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode swiftlet_easy_get_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode swiftlet_easy_get_chain(CURL *handle, struct curl_certinfo **value) {
  return curl_easy_getinfo(handle, CURLINFO_CERTINFO, value);
}
